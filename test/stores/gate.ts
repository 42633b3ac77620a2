import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a server that can be closed in all the ways in which servers fail. */
export interface Gate {
  /** The server's URL, with the gate's address in it. */
  readonly url: string;
  /** Everything passes. */
  open(): void;
  /** Connections stand, nothing is answered. */
  hang(): void;
  /** Connections break, and new ones break at once. */
  cut(): void;
  close(): Promise<void>;
}

export const createGate = async (serverUrl: string): Promise<Gate> => {
  const target = new URL(serverUrl);
  const sockets = new Set<Socket>();
  let state: 'open' | 'hanging' | 'cut' = 'open';

  const server = createServer((client) => {
    if (state === 'cut') {
      client.destroy();
      return;
    }
    const upstream = connect(Number(target.port), target.hostname);
    const pass = (from: Socket, to: Socket) => {
      sockets.add(from);
      from.on('data', (bytes) => {
        if (state === 'open') to.write(bytes);
      });
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    };
    pass(client, upstream);
    pass(upstream, client);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const breakAll = () => {
    for (const socket of sockets) socket.destroy();
  };

  const url = new URL(serverUrl);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: url.href,
    open: () => {
      state = 'open';
    },
    hang: () => {
      state = 'hanging';
    },
    cut: () => {
      state = 'cut';
      breakAll();
    },
    close: async () => {
      breakAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
