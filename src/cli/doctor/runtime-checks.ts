import net from 'node:net';
import { systemRuntime } from '../../runtime.js';
import { ExchangeFailure, type ExchangeRequest } from '../../transport/exchange.js';
import { createNodeExchange } from '../../transport/node-exchange.js';
import { thisPlatform } from '../../transport/platform.js';
import { checksOf, type Check } from './check.js';

const { ok, warning, problem } = checksOf('runtime');

const listen = (server: net.Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address.port);
      else reject(new Error('the server has no port'));
    });
  });

const closed = (server: net.Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });

/** Whether the library says of a request without an answer that bytes of it left; null where there was an answer. */
const saysSent = async (port: number): Promise<boolean | null> => {
  const request: ExchangeRequest = {
    method: 'GET',
    url: `http://127.0.0.1:${port}/`,
    headers: {},
    body: null,
    timeoutMs: 5_000,
    signal: null,
    freshConnection: true,
  };
  try {
    await createNodeExchange(systemRuntime)(request);
    return null;
  } catch (error) {
    return error instanceof ExchangeFailure ? error.sent : null;
  }
};

/** A port of this machine where nobody listens. */
const silentPort = async (): Promise<number> => {
  const server = net.createServer();
  const port = await listen(server);
  await closed(server);
  return port;
};

/** A request that arrives and is never answered. */
const afterArrival = async (): Promise<boolean | null> => {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.destroy());
  });
  const port = await listen(server);
  try {
    return await saysSent(port);
  } finally {
    await closed(server);
  }
};

/** Whether this program tells what money depends on: whether a request without an answer can have left. */
export const checkRuntime = async (): Promise<Check[]> => {
  const { process: own } = globalThis;
  const name = thisPlatform.name === 'Node' ? `Node ${own.versions.node}` : thisPlatform.name;
  const refused = await saysSent(await silentPort());
  const arrived = await afterArrival();
  const checks: Check[] = [];
  if (arrived !== true) {
    checks.push(
      problem(
        `${name} says of a request that arrived that it never left`,
        'take no payments here: something replaces node:http (NODE_OPTIONS, an agent that instruments it, a mock)',
      ),
    );
  } else if (refused === false) {
    checks.push(ok(`${name} tells whether a request left`));
  } else {
    checks.push(
      warning(
        `${name} does not tell that a refused connection carried nothing`,
        'nothing is unsafe, but such writes end as unknown and cost a look: something replaces node:http, or take Node',
      ),
    );
  }
  if (thisPlatform.resends !== 'never') {
    checks.push(
      warning(
        `${name} may send a request again by itself`,
        'take Node, or Bun 1.4 or newer; the library opens a connection of its own for every write meanwhile',
      ),
    );
  }
  return checks;
};
