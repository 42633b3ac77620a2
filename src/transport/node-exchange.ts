// The default imports, because tools that intercept requests replace functions on these objects.
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import type { Readable } from 'node:stream';
import tls from 'node:tls';
import * as zlib from 'node:zlib';
import { whenAborted, type Runtime } from '../runtime.js';
import { createAddressReader, type Protocol } from './address.js';
import {
  cannotStart,
  ExchangeFailure,
  failedBeforeConnection,
  maxAnswerBytes,
  networkCodeOf,
  type Exchange,
  type ExchangeAnswer,
  type ExchangeFailureReason,
  type ExchangeRequest,
} from './exchange.js';
import { thisPlatform, type Platform } from './platform.js';
import { memberOf } from '../models/objects.js';

/** Idle connections older than this are not used for writes that cannot be repeated. */
const freshIdleMs = 1000;

/** Idle connections older than this are dropped: load balancers and NATs close them silently. */
const keptIdleMs = 10_000;

/** How long an answer that has arrived whole may take to be unfolded. */
const unfoldingMs = 1000;

const connectionEvents = { 'http:': 'connect', 'https:': 'secureConnect' } as const;

/** How a request gets its connection: any idle one, one that was idle for a moment only, or one of its own. */
type Pooling = 'kept' | 'fresh' | 'own';

const flatten = (headers: http.IncomingHttpHeaders): Record<string, string> => {
  const flat: Record<string, string> = {};
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
};

const decoderFor = (encoding: string | undefined): zlib.Gunzip | zlib.BrotliDecompress | null => {
  switch (encoding?.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip();
    case 'deflate':
      return zlib.createInflate();
    case 'br':
      return zlib.createBrotliDecompress();
    default:
      return null;
  }
};

/** The proxy that Node was told to use (`NODE_USE_ENV_PROXY=1`, `--use-env-proxy`), where this Node can. */
const proxyOf = (module: typeof http | typeof https): object => {
  const proxyEnv = memberOf(memberOf(module.globalAgent, 'options'), 'proxyEnv');
  return proxyEnv === undefined ? {} : { proxyEnv };
};

/** A socket of Node itself. Tools that intercept requests hand out others, whose events prove nothing. */
const isSocketOfNode = (socket: net.Socket): boolean =>
  socket.constructor === net.Socket || socket.constructor === tls.TLSSocket;

const createAgents = () => {
  const modules = { 'http:': http, 'https:': https };
  const agents = new Map<string, http.Agent>();
  return {
    modules,
    agentFor: (protocol: Protocol, pooling: Pooling): http.Agent => {
      const name = `${protocol}${pooling}`;
      let agent = agents.get(name);
      if (agent === undefined) {
        // An agent's timeout ends idle sockets only; requests that are under way have their own.
        agent = new modules[protocol].Agent({
          ...(pooling === 'own'
            ? { keepAlive: false }
            : { keepAlive: true, timeout: pooling === 'fresh' ? freshIdleMs : keptIdleMs }),
          ...proxyOf(modules[protocol]),
        });
        agents.set(name, agent);
      }
      return agent;
    },
    /** A used connection gave no answer: the idle ones beside it may be dead, too, so the next request opens a new one. */
    retire: (agent: http.Agent): void => {
      for (const [name, each] of agents) if (each === agent) agents.delete(name);
      for (const idle of Object.values(agent.freeSockets)) for (const socket of idle ?? []) socket.destroy();
    },
  };
};

/**
 * One attempt over node:http(s), with evidence whether a byte of the request left. It counts as sent unless there is proof of
 * the contrary: an error code from before the connection, or a new socket of Node itself that was seen connecting and never
 * connected (with TLS: never finished its handshake), because nothing is written before that. Redirects are not followed: they
 * would carry a key to another host.
 */
export const createNodeExchange = (runtime: Runtime, platform: Platform = thisPlatform): Exchange => {
  const { modules, agentFor, retire } = createAgents();
  const addressOf = createAddressReader();

  const poolingOf = (request: ExchangeRequest): Pooling => {
    const isWrite = request.freshConnection || request.method !== 'GET';
    // Outside Node a write has its own connection: on a used one the platform might resend it by itself.
    if (isWrite && !platform.socketsAreEvidence) return 'own';
    return request.freshConnection ? 'fresh' : 'kept';
  };

  return (request) =>
    new Promise<ExchangeAnswer>((resolve, reject) => {
      if (request.signal?.aborted) {
        reject(new ExchangeFailure('aborted', false));
        return;
      }
      if (request.freshConnection && platform.resends === 'on_any_connection') {
        reject(
          cannotStart(
            `${platform.name} may send a request twice by itself, and this provider has no idempotency keys: use Bun 1.3 or newer, or Node`,
          ),
        );
        return;
      }
      let sent = true;
      let finished = false;
      let agent: http.Agent | null = null;
      let outgoing: http.ClientRequest | null = null;
      let incoming: http.IncomingMessage | null = null;

      const finish = (settle: () => void) => {
        if (finished) return;
        finished = true;
        cancelTimer();
        stopListening();
        settle();
      };
      const fail = (reason: ExchangeFailureReason, networkCode: string | null = null) => {
        finish(() => {
          if (agent !== null && incoming === null && reason !== 'aborted' && outgoing?.reusedSocket === true)
            retire(agent);
          reject(new ExchangeFailure(reason, sent, networkCode, incoming?.statusCode ?? null));
          outgoing?.destroy();
        });
      };
      const stopListening = whenAborted(request.signal, () => {
        fail('aborted');
      });
      const giveUp = () => {
        fail('timeout');
      };
      let cancelTimer = runtime.timer(request.timeoutMs, () => {
        // Where the last byte has arrived only the unfolding is left.
        if (incoming?.complete === true) cancelTimer = runtime.timer(unfoldingMs, giveUp);
        else giveUp();
      });

      const onError = (error: unknown) => {
        const networkCode = networkCodeOf(error);
        // Evidence of the code beats that of the events: a refused connection never carried a byte.
        if (
          platform.codesAreEvidence &&
          incoming === null &&
          outgoing?.reusedSocket !== true &&
          failedBeforeConnection(networkCode)
        )
          sent = false;
        fail(incoming === null ? 'connection' : 'truncated', networkCode);
      };

      try {
        const { protocol, hostname, port, path, auth } = addressOf(request.url);
        agent = agentFor(protocol, poolingOf(request));
        const headers: Record<string, string> = { ...request.headers };
        if (request.body !== null) headers['content-length'] = String(Buffer.byteLength(request.body));
        outgoing = modules[protocol].request({
          protocol,
          hostname,
          port,
          path,
          auth,
          method: request.method,
          headers,
          agent,
        });
        outgoing.on('socket', (socket) => {
          const isNew = outgoing?.reusedSocket !== true && socket.connecting;
          if (!platform.socketsAreEvidence || !isNew || !isSocketOfNode(socket)) return;
          sent = false;
          socket.once(connectionEvents[protocol], () => {
            sent = true;
          });
        });
        outgoing.on('error', onError);
        // Some connections end without an error and without an answer: a switch to another protocol does.
        outgoing.on('close', () => {
          if (incoming === null) fail('connection');
        });
        outgoing.on('response', (answer) => {
          sent = true;
          incoming = answer;
          readBody(answer, request, onError, fail, (text) => {
            finish(() => {
              resolve({ status: answer.statusCode ?? 0, headers: flatten(answer.headers), text });
            });
          });
        });
        outgoing.end(request.body ?? undefined);
      } catch (error) {
        // Without a request nothing can have left.
        if (outgoing === null) sent = false;
        if (outgoing !== null || failedBeforeConnection(networkCodeOf(error))) onError(error);
        else {
          finish(() => {
            reject(cannotStart('node:http could not be used', error));
          });
        }
      }
    });
};

const readBody = (
  incoming: http.IncomingMessage,
  request: ExchangeRequest,
  onError: (error: unknown) => void,
  fail: (reason: ExchangeFailureReason) => void,
  done: (text: string) => void,
): void => {
  const decoder = request.method === 'HEAD' ? null : decoderFor(incoming.headers['content-encoding']);
  const body: Readable = decoder === null ? incoming : incoming.pipe(decoder);
  const chunks: Buffer[] = [];
  let size = 0;
  incoming.on('error', onError);
  incoming.on('aborted', () => {
    fail('truncated');
  });
  if (decoder !== null) body.on('error', onError);
  body.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= maxAnswerBytes) {
      chunks.push(chunk);
      return;
    }
    fail('too_large');
    // What has arrived already would otherwise be unfolded to its end.
    body.destroy();
  });
  body.on('end', () => {
    if (!incoming.complete) fail('truncated');
    else done(textOf(chunks));
  });
};

/** One flat text: what was put together of pieces, a parser would first have to put together. */
const textOf = (chunks: readonly Buffer[]): string => {
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined
    ? only.toString('utf8')
    : Buffer.concat(chunks).toString('utf8');
};
