import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A delivery as a merchant's server received it. */
export interface Received {
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
}

/** A merchant's server that keeps what it receives. */
export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  /** Statuses for the next deliveries; 200 when there are none. 0 breaks the connection. */
  readonly statuses: number[];
  close(): Promise<void>;
}

/** Starts a receiver on a free port of this machine. */
export const startReceiver = async (): Promise<Receiver> => {
  const received: Received[] = [];
  const statuses: number[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const status = statuses.shift() ?? 200;
      if (status === 0) {
        request.socket.destroy();
        return;
      }
      received.push({ body: Buffer.concat(chunks).toString('utf8'), headers: request.headers });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/hooks`,
    received,
    statuses,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
