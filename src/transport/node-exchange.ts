// The default imports, because tools that intercept requests replace functions on these objects.
import http from 'node:http';
import https from 'node:https';
import type { Readable } from 'node:stream';
import * as zlib from 'node:zlib';
import type { Runtime } from '../runtime.js';
import {
  ExchangeFailure,
  failedBeforeConnection,
  maxAnswerBytes,
  networkCodeOf,
  type Exchange,
  type ExchangeAnswer,
  type ExchangeFailureReason,
  type ExchangeRequest,
} from './exchange.js';

/** Idle connections older than this are not used for writes that cannot be repeated. */
const freshIdleMs = 1000;

const connectionEvents: Readonly<Record<string, string>> = { 'http:': 'connect', 'https:': 'secureConnect' };

const flatten = (headers: http.IncomingHttpHeaders): Record<string, string> => {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
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

/**
 * One attempt over node:http(s), with evidence whether a byte of the request left: nothing is written before the socket is
 * connected (and, with TLS, before the handshake is done), so until then `sent` is false. On a reused socket it is true from
 * the start. Redirects are not followed: they would carry a key to another host.
 */
export const createNodeExchange = (runtime: Runtime): Exchange => {
  const modules = { 'http:': http, 'https:': https };
  const agents = new Map<string, http.Agent>();
  const agentFor = (protocol: 'http:' | 'https:', fresh: boolean): http.Agent => {
    const name = `${protocol}${String(fresh)}`;
    let agent = agents.get(name);
    if (agent === undefined) {
      // An agent's timeout ends idle sockets only; requests that are under way have their own.
      agent = new modules[protocol].Agent({ keepAlive: true, ...(fresh ? { timeout: freshIdleMs } : {}) });
      agents.set(name, agent);
    }
    return agent;
  };

  return (request) =>
    new Promise<ExchangeAnswer>((resolve, reject) => {
      let sent = false;
      let status: number | null = null;
      let finished = false;
      let outgoing: http.ClientRequest | null = null;

      const finish = (settle: () => void) => {
        if (finished) return;
        finished = true;
        cancelTimer();
        request.signal?.removeEventListener('abort', onAbort);
        settle();
      };
      const fail = (reason: ExchangeFailureReason, networkCode: string | null = null) => {
        finish(() => {
          reject(new ExchangeFailure(reason, sent, networkCode, status));
          outgoing?.destroy();
        });
      };
      const onAbort = () => {
        fail('aborted');
      };
      const cancelTimer = runtime.timer(request.timeoutMs, () => {
        fail('timeout');
      });
      if (request.signal?.aborted) {
        onAbort();
        return;
      }
      request.signal?.addEventListener('abort', onAbort, { once: true });

      const onError = (error: unknown) => {
        const networkCode = networkCodeOf(error);
        // Evidence of the code beats that of the events: a refused connection never carried a byte.
        if (outgoing?.reusedSocket !== true && failedBeforeConnection(networkCode)) sent = false;
        fail(status === null ? 'connection' : 'truncated', networkCode);
      };

      try {
        const url = new URL(request.url);
        const protocol = url.protocol === 'http:' ? 'http:' : 'https:';
        outgoing = modules[protocol].request(url, {
          method: request.method,
          headers: {
            ...request.headers,
            ...(request.body === null ? {} : { 'content-length': String(Buffer.byteLength(request.body)) }),
          },
          agent: agentFor(protocol, request.freshConnection),
        });
        outgoing.on('socket', (socket) => {
          if (outgoing?.reusedSocket === true || !socket.connecting) sent = true;
          else {
            socket.once(connectionEvents[protocol] ?? 'connect', () => {
              sent = true;
            });
          }
        });
        outgoing.on('error', onError);
        // Some connections end without an error and without an answer: a switch to another protocol does.
        outgoing.on('close', () => {
          if (status === null) fail('connection');
        });
        outgoing.on('response', (incoming) => {
          sent = true;
          status = incoming.statusCode ?? 0;
          readBody(incoming, request, onError, fail, (text) => {
            finish(() => {
              resolve({ status: incoming.statusCode ?? 0, headers: flatten(incoming.headers), text });
            });
          });
        });
        outgoing.end(request.body ?? undefined);
      } catch (error) {
        onError(error);
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
    else done(Buffer.concat(chunks).toString('utf8'));
  });
};
