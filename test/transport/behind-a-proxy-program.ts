import axios from 'axios';
import { Agent, type RequestOptions } from 'node:https';
import { connect as connectSocket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectSecurely } from 'node:tls';
import { ChargesError } from '../../src/errors.js';
import { createStripe } from '../../src/providers/stripe/index.js';

/** A charge in a process of its own, whose environment says how it gets out. It prints what the caller was told. */
const { baseUrl, secretKey, source, proxy } = JSON.parse(process.argv[2] ?? '{}') as {
  baseUrl: string;
  secretKey: string;
  source: string;
  /** The port of a proxy for an agent of the caller's own; without it the client finds its way alone. */
  proxy?: number;
};

/** What an agent from npm does: a tunnel through the proxy, and TLS with the provider inside it. */
class TunnelAgent extends Agent {
  override createConnection(
    { host, port }: RequestOptions,
    done?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const name = host ?? '';
    const socket = connectSocket(proxy ?? 0, '127.0.0.1');
    const fail = (error: Error): void => done?.(error, socket);
    socket.once('error', fail);
    socket.once('connect', () => {
      socket.write(`CONNECT ${name}:${String(port)} HTTP/1.1\r\nhost: ${name}\r\n\r\n`);
    });
    socket.once('data', (answer: Buffer) => {
      socket.off('error', fail);
      if (!answer.toString().startsWith('HTTP/1.1 200')) fail(new Error('no tunnel'));
      else done?.(null, connectSecurely({ socket, servername: name }));
    });
    return undefined;
  }
}

const charges = createStripe({
  secretKey,
  baseUrl,
  maxRetries: 0,
  ...(proxy === undefined ? {} : { axios: axios.create({ proxy: false, httpsAgent: new TunnelAgent() }) }),
});
try {
  const { status } = await charges.create({ amount: 4590, currency: 'EUR', source });
  console.log(status);
} catch (error) {
  console.log(error instanceof ChargesError ? error.outcome : String(error));
}
// Kept connections would keep the process.
process.exit(0);
