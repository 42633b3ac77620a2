import { createChargesClient, type ChargesClientOf } from '../src/create-charges-client.js';
import type { ProviderSpec } from '../src/provider.js';
import type { Runtime } from '../src/runtime.js';
import { createInstantRuntime } from '../src/testing/in-memory-exchange.js';
import { ExchangeFailure, type Exchange } from '../src/transport/exchange.js';

/** What one request meets. `silent`: no answer comes, until the time of the attempt is over. */
export type Reply =
  | 'silent'
  | 'answer_lost'
  | {
      readonly status?: number;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
      /** How long the answer takes. */
      readonly takesMs?: number;
    };

/** A provider that gives its answers in the order in which they are written down. */
export interface ScriptedProvider {
  readonly runtime: Runtime & { pass(milliseconds: number): void };
  /** Method and path of every request that left, without those for an access token. */
  readonly lines: string[];
  /** The same requests, by whether each asked for a connection that cannot be stale. */
  readonly fresh: boolean[];
  /** The replies that are left. */
  readonly replies: Reply[];
  /** What a request for an access token meets, and how many there were. */
  token: Reply;
  tokenRequests: number;
  client<const Spec extends ProviderSpec>(spec: Spec, settings: object): ChargesClientOf<Spec>;
}

/** Waits pass at once, and time moves only while somebody waits. */
export const scriptReplies = (...replies: Reply[]): ScriptedProvider => {
  const runtime = createInstantRuntime(Date.UTC(2026, 10, 21, 12));
  const exchange: Exchange = async ({ method, url, timeoutMs, freshConnection }) => {
    const { pathname } = new URL(url);
    const isToken = pathname === '/oauth/token';
    if (isToken) script.tokenRequests += 1;
    else {
      script.lines.push(`${method} ${pathname}`);
      script.fresh.push(freshConnection);
    }
    const reply = isToken ? script.token : script.replies.shift();
    if (reply === undefined) throw new Error(`nobody expected ${method} ${pathname}`);
    if (reply === 'answer_lost') throw new ExchangeFailure('connection', true, 'ECONNRESET');
    const takesMs = reply === 'silent' ? Infinity : (reply.takesMs ?? 0);
    runtime.pass(Math.min(takesMs, timeoutMs));
    if (reply === 'silent' || takesMs > timeoutMs) throw new ExchangeFailure('timeout', true);
    const { status = 200, body = {}, headers = {} } = reply;
    return {
      status,
      headers: { 'content-type': 'application/json', ...headers },
      text: JSON.stringify(body),
    };
  };
  const script: ScriptedProvider = {
    runtime,
    lines: [],
    fresh: [],
    replies,
    token: { body: { access_token: 'token-1' } },
    tokenRequests: 0,
    client: (spec, settings) => createChargesClient(spec, settings as never, { runtime, exchange }),
  };
  return script;
};
