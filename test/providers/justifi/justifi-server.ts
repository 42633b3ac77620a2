import nock from 'nock';
import type { CallOptions } from '../../../src/charges-client.js';
import { createChargesClient } from '../../../src/create-charges-client.js';
import {
  justifiProvider,
  type JustifiClient,
  type JustifiSettings,
} from '../../../src/providers/justifi/index.js';
import { systemRuntime, type Runtime } from '../../../src/runtime.js';

/** One request as it arrived. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface Answer {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Credentials of nobody, and waits short enough for a test. */
export const settings = {
  clientId: 'test_client_Demo',
  clientSecret: 'test_secret_Demo',
  deadlineMs: 5_000,
} satisfies JustifiSettings;

type Reply = Answer | readonly Answer[] | ((request: SeenRequest) => Answer);

/** A clock that moves when the test says so; waits between attempts pass at once. */
const virtualClock = () => {
  let ahead = 0;
  const runtime: Runtime = {
    ...systemRuntime,
    now: () => systemRuntime.now() + ahead,
    monotonic: () => systemRuntime.monotonic() + ahead,
    sleep: async (milliseconds) => {
      ahead += milliseconds;
    },
  };
  return {
    runtime,
    advance: (milliseconds: number) => {
      ahead += milliseconds;
    },
    iso: (offset: number) => new Date(runtime.now() + offset).toISOString(),
  };
};

const chosen = (reply: Reply, turn: number, request: SeenRequest): Answer => {
  if (typeof reply === 'function') return reply(request);
  const answers = [reply].flat() as readonly Answer[];
  return answers[Math.min(turn, answers.length - 1)]!;
};

/** A client, and a host that answers `METHOD path` from a table and remembers what came. */
export const justifiHost = (
  replies: Readonly<Record<string, Reply>>,
  changes: JustifiSettings = {},
): {
  readonly charges: JustifiClient;
  readonly seen: SeenRequest[];
  readonly clock: ReturnType<typeof virtualClock>;
} => {
  const clock = virtualClock();
  const seen: SeenRequest[] = [];
  const turns = new Map<string, number>();
  const table = new Map<string, Reply>(
    Object.entries({ 'POST /oauth/token': { body: { access_token: 'token-1' } }, ...replies }),
  );
  const answer = (request: SeenRequest): Answer => {
    const name = `${request.method} ${request.path.replace(/\?.*/, '')}`;
    const reply = table.get(name);
    if (reply === undefined) throw new Error(`no answer for ${name}`);
    const turn = turns.get(name) ?? 0;
    turns.set(name, turn + 1);
    return chosen(reply, turn, request);
  };
  const host = nock('https://api.justifi.ai').persist();
  for (const method of ['GET', 'POST', 'PATCH']) {
    host.intercept(/.*/, method).reply(function (path, body) {
      const headers = this.req.headers as Readonly<Record<string, string>>;
      const request = { method, path, headers, body };
      seen.push(request);
      const { status = 200, body: wire = {}, headers: answerHeaders = {} } = answer(request);
      const text = typeof wire === 'string' ? wire : JSON.stringify(wire);
      return [status, text, { 'content-type': 'application/json', ...answerHeaders }];
    });
  }
  const charges = createChargesClient(
    justifiProvider,
    { ...settings, ...changes },
    { runtime: clock.runtime },
  );
  return { charges, seen, clock };
};

/** Options without further attempts. */
export const once: CallOptions = { maxRetries: 0 };
