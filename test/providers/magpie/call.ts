import type * as z from 'zod';
import { createAnswerChecks } from '../../../src/calls/whole-answers.js';
import type { Answered, Call, DriftKind, WireAnswer, WireRequest } from '../../../src/provider.js';

/** An answer of the provider. */
export const answerOf = (status: number, body: unknown): WireAnswer => ({
  status,
  headers: {},
  body,
  requestId: 'req_1',
});

interface CallFacts {
  readonly settings?: unknown;
  readonly idempotencyKey?: string;
  readonly prepared?: unknown;
  /** What further reads are answered, in order. */
  readonly bodies?: readonly unknown[];
}

/** A call without an engine: it records what is sent and reported. */
export const recordedCall = (facts: CallFacts = {}) => {
  const sent: WireRequest[] = [];
  const drifts: [path: string, kind: DriftKind][] = [];
  const bodies = [...(facts.bodies ?? [])];
  const call: Call = {
    settings: facts.settings ?? {},
    livemode: false,
    account: null,
    include: new Set(),
    idempotencyKey: facts.idempotencyKey ?? null,
    prepared: facts.prepared ?? null,
    send: <Wire>(request: WireRequest, response: z.ZodType<Wire>): Promise<Answered<Wire>> => {
      sent.push(request);
      const body = bodies.shift();
      if (body instanceof Error) return Promise.reject(body);
      return Promise.resolve({ wire: response.parse(body), answer: answerOf(200, body) });
    },
    drift: (path, kind) => {
      drifts.push([path, kind]);
    },
    ...createAnswerChecks({ provider: 'magpie' }),
    now: () => 0,
    sleep: () => Promise.resolve(),
  };
  return { call, sent, drifts };
};
