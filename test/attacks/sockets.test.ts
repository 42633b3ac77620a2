import { execFileSync } from 'node:child_process';
import { Agent } from 'node:http';
import type { Socket } from 'node:net';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import axios from 'axios';
import { describe, expect, it } from 'vitest';
import { createChargesClient } from '../../src/create-charges-client.js';
import { ChargesError, memoryStore, type Charge, type ChargesClient } from '../../src/index.js';
import { systemRuntime } from '../../src/runtime.js';
import { ending, paramsOf, providerNames, specs, type ProviderName } from './attacked-world.js';
import { startWildServer, wellFormed, type Executed, type WildServer } from './wild-server.js';

/** A megabyte of spaces in a kilobyte: members of a gzip stream may follow each other without end. */
const bombMember = gzipSync(Buffer.alloc(1024 * 1024, 32), { level: 9 });

/** Writes for as long as somebody reads. */
const pour = (socket: Socket, piece: Buffer | string): void => {
  const more = (): void => {
    while (socket.writable && !socket.destroyed) if (!socket.write(piece)) return;
  };
  socket.on('drain', more);
  more();
};

const drip = (socket: Socket, piece: string): void => {
  const timer = setInterval(() => {
    if (socket.writable) socket.write(piece);
  }, 10);
  socket.on('close', () => {
    clearInterval(timer);
  });
};

const half = (text: string): string => text.slice(0, Math.floor(text.length * 0.75));

interface SocketAttack {
  readonly name: string;
  onRequest?(socket: Socket, executed: Executed): void;
  onConnection?(socket: Socket): void;
  /** What the error of a call is; null where the answer arrives all the same. */
  readonly error: string | RegExp | null;
  /** Needs the deadline to end. */
  readonly hangs?: true;
}

const attacks: readonly SocketAttack[] = [
  {
    name: 'a gzip bomb',
    onRequest: (socket, { status }) => {
      socket.write(
        `HTTP/1.1 ${status} OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n`,
      );
      pour(socket, bombMember);
    },
    error: 'InvalidResponseError',
  },
  {
    name: 'an answer without end',
    onRequest: (socket, { status }) => {
      socket.write(`HTTP/1.1 ${status} OK\r\ncontent-type: application/json\r\n\r\n`);
      pour(socket, ' '.repeat(65_536));
    },
    error: 'InvalidResponseError',
  },
  {
    name: 'a body that drips',
    onRequest: (socket, { status }) => {
      socket.write(`HTTP/1.1 ${status} OK\r\ncontent-type: application/json\r\n\r\n`);
      drip(socket, ' ');
    },
    error: 'TimeoutError',
    hangs: true,
  },
  {
    name: 'headers that drip',
    onRequest: (socket, { status }) => {
      socket.write(`HTTP/1.1 ${status} OK\r\n`);
      drip(socket, 'x-more: 1\r\n');
    },
    error: 'TimeoutError',
    hangs: true,
  },
  {
    name: 'an answer that stops in the middle and never ends',
    onRequest: (socket, executed) => {
      socket.write(half(wellFormed(executed)));
    },
    error: 'TimeoutError',
    hangs: true,
  },
  {
    name: '100, 102 and 103 before the answer',
    onRequest: (socket, executed) => {
      socket.write('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n');
      socket.write('HTTP/1.1 103 Early Hints\r\nlink: </x>; rel=preload\r\ncontent-length: 5\r\n\r\n');
      socket.write(wellFormed(executed));
    },
    error: null,
  },
  {
    name: '103 for ever',
    onRequest: (socket) => {
      drip(socket, 'HTTP/1.1 103 Early Hints\r\n\r\n');
    },
    error: 'TimeoutError',
    hangs: true,
  },
  {
    name: '101, another protocol',
    onRequest: (socket, executed) => {
      socket.write('HTTP/1.1 101 Switching\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n');
      socket.write(wellFormed(executed));
    },
    // Axios itself tells nobody that the connection ended.
    error: /^(Connection|Timeout)Error$/,
    hangs: true,
  },
  {
    name: 'two lengths that differ',
    onRequest: (socket, executed) => {
      const text = wellFormed(executed);
      socket.write(text.replace('content-length:', 'content-length: 7\r\ncontent-length:'));
    },
    error: 'ConnectionError',
  },
  {
    name: 'a length and chunks at once',
    onRequest: (socket, executed) => {
      socket.write(wellFormed(executed, { 'transfer-encoding': 'chunked' }));
    },
    error: 'ConnectionError',
  },
  {
    name: 'a length that is too short',
    onRequest: (socket, executed) => {
      socket.write(wellFormed(executed, { 'content-length': '20' }));
    },
    error: 'ConnectionError',
  },
  {
    name: 'a length that is too long',
    onRequest: (socket, executed) => {
      socket.end(wellFormed(executed, { 'content-length': '100000' }));
    },
    error: 'ConnectionError',
  },
  {
    name: 'chunks of no size',
    onRequest: (socket, executed) => {
      const head = wellFormed(
        { ...executed, body: '' },
        { 'content-length': null, 'transfer-encoding': 'chunked' },
      );
      socket.write(`${head}zz\r\n${executed.body}\r\n0\r\n\r\n`);
    },
    error: 'ConnectionError',
  },
  {
    name: 'gzip that is none',
    onRequest: (socket, executed) => {
      socket.write(wellFormed(executed, { 'content-encoding': 'gzip' }));
    },
    error: 'ConnectionError',
  },
  {
    name: 'a reset in the middle of the body',
    onRequest: (socket, executed) => {
      socket.write(half(wellFormed(executed)), () => socket.resetAndDestroy());
    },
    error: 'ConnectionError',
  },
  {
    name: 'a reset instead of an answer',
    onRequest: (socket) => {
      socket.resetAndDestroy();
    },
    error: 'ConnectionError',
  },
  {
    name: 'no HTTP at all',
    onRequest: (socket) => {
      socket.end('SSH-2.0-OpenSSH_9.6\r\n');
    },
    error: 'ConnectionError',
  },
  {
    name: 'a megabyte of headers',
    onRequest: (socket, executed) => {
      socket.write(wellFormed(executed, { 'x-large': 'x'.repeat(1024 * 1024) }));
    },
    error: 'ConnectionError',
  },
  {
    name: 'an empty answer before a byte of the request was read',
    onConnection: (socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}');
    },
    // From then on every answer of the connection is that of the call before: crossed, and seen to be.
    error: /^(InvalidResponse|Integrity)Error$/,
  },
  {
    name: 'a reset before a byte of the request was read',
    onConnection: (socket) => {
      socket.resetAndDestroy();
    },
    error: 'ConnectionError',
  },
];

/** Settings of a client with connections of its own. */
const ways: readonly (readonly [string, () => object])[] = [
  ['the default exchange', () => ({})],
  ["a caller's axios", () => ({ axios: axios.create({ httpAgent: new Agent({ keepAlive: true }) }) })],
];

const clientOf = (wild: WildServer, provider: ProviderName, more: object): ChargesClient =>
  createChargesClient(
    specs[provider],
    {
      ...wild.providers.settings(provider),
      baseUrl: wild.origin,
      maxRetries: 0,
      lookupFirst: false,
      ...more,
    },
    { runtime: systemRuntime },
  );

/** What is secret, as it is and as it travels. */
const secretsOf = (wild: WildServer, provider: ProviderName): readonly string[] =>
  Object.entries(wild.providers.settings(provider))
    .filter(([name]) => /secret/i.test(name))
    .flatMap(([, value]) => [
      String(value),
      Buffer.from(`${String(value)}:`)
        .toString('base64')
        .slice(0, -2),
    ]);

const expectHonest = (
  error: unknown,
  attack: SocketAttack,
  outcomes: readonly string[],
  secrets: readonly string[],
): void => {
  expect(error).toBeInstanceOf(ChargesError);
  if (!(error instanceof ChargesError)) return;
  expect(error.name, error.message).toMatch(attack.error ?? 'no error');
  expect(outcomes, error.message).toContain(error.outcome);
  const text = `${inspect(error, { depth: 10, showHidden: true })} ${JSON.stringify(error)} ${String(error.stack)}`;
  expect(secrets.length).toBeGreaterThan(0);
  for (const secret of secrets) expect(text).not.toContain(secret);
  expect(text).not.toMatch(/\b(?:basic|bearer) [\w+/]/i);
};

const chargedWith = (wild: WildServer, key: string): readonly string[] =>
  wild.providers.ledger
    .charges()
    .filter(({ metadata, state }) => metadata['unicharge_key'] === key && state !== 'failed')
    .map(({ id }) => id);

/** Calls again until it settles, as a shop would; the waits of the look-ups are 50 ms here. */
const settle = async (call: () => Promise<Charge>): Promise<Charge> => {
  for (let calls = 1; ; calls += 1) {
    const end = await ending(call);
    if ('resolved' in end) return end.resolved as Charge;
    if (calls === 5) throw end.rejected;
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
};

describe.each(ways)('over %s', (_, settings) => {
  describe.each(providerNames)('%s', (provider) => {
    it.concurrent.each(attacks)('$name', async (attack) => {
      const wild = await startWildServer(provider);
      try {
        // The clients share what they know, but not their connections: an open one would spare a client the attack.
        const store = memoryStore();
        const connect = () => clientOf(wild, provider, { ...settings(), store });
        const first = connect();
        const client = attack.onConnection === undefined ? first : connect();
        const params = paramsOf(provider, wild.providers.source(provider, 'approved'));
        // A token, where there are tokens, and a charge to read.
        const known = await first.create(paramsOf(provider, wild.providers.source(provider, 'approved')));
        wild.onRequest = attack.onRequest ?? null;
        wild.onConnection = attack.onConnection ?? null;
        wild.received.splice(0);
        const options = { deadlineMs: attack.hangs === true ? 750 : 20_000, timeoutMs: 20_000 };
        const key = { idempotencyKey: 'order-81' };

        const read = await ending(() => client.retrieve(known.id, options));
        if ('resolved' in read) expect(attack.error, JSON.stringify(read.resolved)).toBeNull();
        else expectHonest(read.rejected, attack, ['not_sent'], secretsOf(wild, provider));

        const written = await ending(() => client.create(params, { ...options, ...key }));
        // What left before the error may still be on its way to the server.
        await new Promise((resolve) => setTimeout(resolve, 50));
        const hasLeft = wild.received.some((line) => line.startsWith('POST'));
        // Nothing left where the attack met the request for a token before, or where a machine under load did not connect
        // before the deadline.
        const mayNotLeave = attack.onConnection !== undefined || attack.hangs === true;
        const outcomes = hasLeft || !mayNotLeave ? ['unknown'] : ['unknown', 'not_sent'];
        if ('resolved' in written) expect(attack.error, 'the write').toBeNull();
        else expectHonest(written.rejected, attack, outcomes, secretsOf(wild, provider));

        wild.onRequest = null;
        wild.onConnection = null;
        const charge = await settle(() => first.create(params, key));
        expect(chargedWith(wild, 'order-81')).toEqual([charge.id]);
      } finally {
        await wild.close();
      }
    });

    it('an answer that comes twice is not taken for that of the next call', async () => {
      const wild = await startWildServer(provider);
      try {
        const client = clientOf(wild, provider, settings());
        wild.onRequest = (socket, executed) => {
          socket.write(wellFormed(executed) + wellFormed(executed));
        };
        for (const order of ['81', '82', '83']) {
          const params = paramsOf(provider, wild.providers.source(provider, 'approved'));
          const charge = await settle(() => client.create(params, { idempotencyKey: `order-${order}` }));
          expect(chargedWith(wild, `order-${order}`)).toEqual([charge.id]);
          expect((await settle(() => client.retrieve(charge.id))).id).toBe(charge.id);
        }
      } finally {
        await wild.close();
      }
    });

    it('a deadline of a few milliseconds ends in time, and says not_sent only where nothing came', async () => {
      const wild = await startWildServer(provider);
      try {
        const client = clientOf(wild, provider, settings());
        await client.create(paramsOf(provider, wild.providers.source(provider, 'approved')));
        for (const deadlineMs of [1, 1, 1, 1, 2, 3, 4, 6, 8]) {
          const key = `order-${wild.received.length}-${deadlineMs}`;
          const params = paramsOf(provider, wild.providers.source(provider, 'approved'));
          const end = await ending(() => client.create(params, { idempotencyKey: key, deadlineMs }));
          // Until whatever had left has arrived.
          await new Promise((resolve) => setTimeout(resolve, 30));
          if ('rejected' in end) {
            const error = end.rejected as ChargesError;
            expect(error.name, error.message).toBe('TimeoutError');
            if (error.outcome !== 'unknown') expect(chargedWith(wild, key), error.outcome).toEqual([]);
          }
          const charge = await settle(() => client.create(params, { idempotencyKey: key }));
          expect(chargedWith(wild, key)).toEqual([charge.id]);
        }
      } finally {
        await wild.close();
      }
    });
  });
});

/** Programs that write 128 MB of spaces, compressed. */
const bombs: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    gzip: 'gzipSync(spaces)',
    deflate: 'deflateSync(spaces)',
    br: 'brotliCompressSync(spaces, { params: { [constants.BROTLI_PARAM_QUALITY]: 2 } })',
  }).map(([encoding, compressed]) => [
    encoding,
    `const { brotliCompressSync, constants, deflateSync, gzipSync } = require('node:zlib');
     const spaces = Buffer.alloc(128 * 1024 * 1024, 32);
     process.stdout.write(${compressed});`,
  ]),
);

describe.each(ways)('a bomb over %s', (_, settings) => {
  it.each(['gzip', 'br', 'deflate'])('%s: costs no more memory than the largest answer', async (encoding) => {
    const wild = await startWildServer('stripe');
    // Made in another process, so that this one's memory shows what the answer costs.
    const bomb = execFileSync(process.execPath, ['-e', bombs[encoding] ?? '']);
    expect(bomb.length).toBeLessThan(300_000);
    try {
      const client = clientOf(wild, 'stripe', settings());
      wild.onRequest = (socket) => {
        socket.write(
          `HTTP/1.1 200 OK\r\ncontent-encoding: ${encoding}\r\ncontent-length: ${bomb.length}\r\n\r\n`,
        );
        socket.write(bomb);
      };
      let most = 0;
      const before = process.memoryUsage().arrayBuffers;
      const sampling = setInterval(() => {
        most = Math.max(most, process.memoryUsage().arrayBuffers - before);
      }, 1);
      const end = await ending(() => client.retrieve('pi_1'));
      clearInterval(sampling);
      expect('rejected' in end && end.rejected).toMatchObject({
        name: 'InvalidResponseError',
        code: 'answer_too_large',
      });
      expect(most).toBeLessThan(64 * 1024 * 1024);
    } finally {
      await wild.close();
    }
  });
});
