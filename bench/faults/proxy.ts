import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { readMessage, type HttpMessage } from './http-message.js';
import type { Phase } from './plan.js';

/** What is to happen to one request. */
export interface Treatment {
  readonly phase: Phase;
  /** How long a held request or a late answer takes. */
  readonly delayMs: number;
  /** What something in front of the provider says in its place. */
  readonly frontStatus: string;
  /** The provider has answered: the effect is there, if there is one. */
  committed(copy: boolean, elapsedMs: number, succeeded: boolean): void;
  /** Ends the merchant that sent it. */
  kill(): void;
}

export interface ProxyOptions {
  readonly upstreamPort: number;
  decide(request: { readonly method: string; readonly text: string }): Treatment;
}

/** A way to one provider on which everything can happen to a request. */
export interface Proxy {
  /** Always there. */
  readonly origin: string;
  /** Closed and open by turns: half of the time it refuses connections, and idle ones go stale. */
  readonly flappingOrigin: string;
  close(): Promise<void>;
}

const flapMs = 70;

const pageOf = (status: string): Buffer => {
  const body = `<html><head><title>${status}</title></head><body><h1>${status}</h1></body></html>`;
  return Buffer.from(
    `HTTP/1.1 ${status}\r\ncontent-type: text/html\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
};

/** Sends bytes and waits for the whole answer; null when there is none. */
const forward = (port: number, bytes: Buffer): Promise<HttpMessage | null> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let received: Buffer = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      const answer = readMessage(received, true);
      if (answer === null) return;
      resolve(answer);
      socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve(null);
    });
    socket.setNoDelay(true);
    socket.write(bytes);
  });

/** Sends the beginning of a request and breaks off. */
const forwardPart = (port: number, bytes: Buffer): void => {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.on('data', () => undefined);
  socket.write(bytes, () => socket.destroy());
};

const half = (from: number, to: number): number => from + Math.max(1, (to - from) >> 1);

const treat = async (
  client: Socket,
  request: HttpMessage,
  port: number,
  treatment: Treatment,
): Promise<void> => {
  const { bytes, headLength } = request;
  const arrivedAt = performance.now();
  const execute = async (copy = false): Promise<HttpMessage | null> => {
    const answer = await forward(port, bytes);
    const succeeded = answer !== null && /^HTTP\/1\.1 2/.test(answer.startLine);
    if (answer !== null) treatment.committed(copy, performance.now() - arrivedAt, succeeded);
    return answer;
  };
  const answerWith = (answer: Buffer | undefined): void => {
    if (answer === undefined) client.destroy();
    else if (!client.destroyed) client.write(answer);
  };
  const breakAfter = (part: Buffer | undefined): void => {
    if (part === undefined || client.destroyed) client.destroy();
    else client.write(part, () => client.destroy());
  };

  switch (treatment.phase) {
    case 'none':
    case 'refused':
      answerWith((await execute())?.bytes);
      return;
    case 'request_headers':
      forwardPart(port, bytes.subarray(0, half(0, headLength)));
      client.resetAndDestroy();
      return;
    case 'request_body':
      // Without a body, what is missing is the empty line that ends the headers.
      forwardPart(
        port,
        bytes.subarray(0, bytes.length > headLength ? half(headLength, bytes.length - 1) : headLength - 2),
      );
      client.resetAndDestroy();
      return;
    case 'after_commit':
      await execute();
      client.resetAndDestroy();
      return;
    case 'answer_headers': {
      const answer = await execute();
      breakAfter(answer?.bytes.subarray(0, half(0, answer.headLength)));
      return;
    }
    case 'answer_body': {
      const answer = await execute();
      breakAfter(answer?.bytes.subarray(0, half(answer.headLength, answer.bytes.length - 1)));
      return;
    }
    case 'request_held':
      await sleep(treatment.delayMs);
      await execute();
      client.destroy();
      return;
    case 'answer_late': {
      const answer = await execute();
      await sleep(treatment.delayMs);
      answerWith(answer?.bytes);
      return;
    }
    case 'bad_gateway':
      await execute();
      answerWith(pageOf('502 Bad Gateway'));
      return;
    case 'front_instead':
      answerWith(pageOf(treatment.frontStatus));
      return;
    case 'front_after':
      await execute();
      answerWith(pageOf(treatment.frontStatus));
      return;
    case 'delivered_twice': {
      const [first] = await Promise.all([execute(), sleep(treatment.delayMs % 20).then(() => execute(true))]);
      answerWith(first?.bytes);
      return;
    }
    case 'second_heard': {
      await execute();
      answerWith((await execute(true))?.bytes);
      return;
    }
    case 'killed_on_arrival':
      treatment.kill();
      await execute();
      client.destroy();
      return;
    case 'killed_after_commit':
      await execute();
      treatment.kill();
      client.destroy();
  }
};

const listen = async (server: Server, port: number): Promise<void> => {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
};

const originOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

/** Opens a proxy in front of a provider. */
export const openProxy = async ({ upstreamPort, decide }: ProxyOptions): Promise<Proxy> => {
  const sockets = new Set<Socket>();

  const serve = (idle: Set<Socket>) => (client: Socket) => {
    let received: Buffer = Buffer.alloc(0);
    let busy = false;
    sockets.add(client);
    idle.add(client);
    client.setNoDelay(true);
    client.on('error', () => undefined);
    client.on('close', () => {
      sockets.delete(client);
      idle.delete(client);
    });
    const next = (): void => {
      const request = busy ? null : readMessage(received, false);
      if (request === null) return;
      received = received.subarray(request.bytes.length);
      busy = true;
      idle.delete(client);
      const [method = ''] = request.startLine.split(' ');
      const treatment = decide({ method, text: request.bytes.toString('latin1') });
      void treat(client, request, upstreamPort, treatment).finally(() => {
        busy = false;
        if (client.destroyed) return;
        idle.add(client);
        next();
      });
    };
    client.on('data', (chunk) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      next();
    });
  };

  const server = createServer(serve(new Set()));
  await listen(server, 0);

  const idle = new Set<Socket>();
  const flapping = createServer(serve(idle));
  await listen(flapping, 0);
  const flappingOrigin = originOf(flapping);
  const flappingPort = Number(new URL(flappingOrigin).port);
  let closed = false;
  const flap = async (): Promise<void> => {
    while (!closed) {
      flapping.close();
      for (const socket of idle) socket.destroy();
      await sleep(flapMs);
      // Somebody else may hold the port for a moment; then it is closed a little longer.
      await listen(flapping, flappingPort).catch(() => undefined);
      await sleep(flapMs);
    }
    flapping.close();
  };
  const flapped = flap();

  return {
    origin: originOf(server),
    flappingOrigin,
    close: async () => {
      closed = true;
      server.close();
      await flapped;
      for (const socket of sockets) socket.destroy();
    },
  };
};
