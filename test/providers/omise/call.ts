import { createAnswerChecks } from '../../../src/calls/whole-answers.js';
import type { Answered, Call, WireRequest } from '../../../src/provider.js';

/** A call whose further requests are answered from the given bodies, in order. */
export const fakeCall = (
  changes: Partial<Call> & { readonly answers?: readonly unknown[] } = {},
): Call & { readonly sent: WireRequest[]; readonly drifts: string[] } => {
  const { answers = [], ...rest } = changes;
  const waiting = [...answers];
  const sent: WireRequest[] = [];
  const drifts: string[] = [];
  return {
    settings: {},
    livemode: false,
    account: null,
    include: new Set(),
    idempotencyKey: null,
    prepared: null,
    send: <Wire>(request: WireRequest) => {
      sent.push(request);
      if (waiting.length === 0) throw new Error('a request that no test expects');
      const body = waiting.shift();
      const answer = { status: 200, headers: {}, body, requestId: null };
      return Promise.resolve({ wire: body, answer } as Answered<Wire>);
    },
    ...createAnswerChecks({ provider: 'omise' }),
    drift: (path, kind) => {
      drifts.push(`${path}: ${kind}`);
    },
    now: () => Date.parse('2026-03-01T12:00:00Z'),
    sleep: () => Promise.resolve(),
    ...rest,
    sent,
    drifts,
  };
};
