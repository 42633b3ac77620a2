import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { whenAborted, type Runtime } from '../runtime.js';

/** As long as the strictest provider waits for an answer. */
const timeoutMs = 5000;

const post = (
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  runtime: Runtime,
  signal: AbortSignal,
): Promise<number> =>
  new Promise((resolve) => {
    const target = new URL(url);
    const request = (target.protocol === 'https:' ? requestHttps : requestHttp)(target, {
      method: 'POST',
      agent: false,
      headers: {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
        ...headers,
      },
    });
    const cancelTimer = runtime.timer(timeoutMs, () => request.destroy());
    // Not given to `request`: in jsdom the signal is not one of Node's.
    const stopListening = whenAborted(signal, () => request.destroy());
    const end = (status: number): void => {
      cancelTimer();
      stopListening();
      resolve(status);
    };
    request.on('response', (response) => {
      response.resume();
      response.on('end', () => end(response.statusCode ?? 0));
      response.on('error', () => end(0));
    });
    request.on('error', () => end(0));
    request.on('close', () => end(0));
    request.end(body);
  });

/**
 * Posts a body once over a connection of its own. Resolves to the status, or to 0 where no answer came, also because nothing
 * could be sent: an address or a header that is none.
 */
export const postOnce = (...request: Parameters<typeof post>): Promise<number> =>
  post(...request).catch(() => 0);
