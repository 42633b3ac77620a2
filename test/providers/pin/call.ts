import type * as z from 'zod';
import { createAnswerChecks } from '../../../src/calls/whole-answers.js';
import type { Answered, Call, DriftKind, WireAnswer, WireRequest } from '../../../src/provider.js';

/** What a test says about the call that a row gets. */
export interface CallFacts {
  readonly settings?: unknown;
  readonly idempotencyKey?: string | null;
  readonly livemode?: boolean | null;
  readonly prepared?: unknown;
  /** Bodies that further reads get, in order; an error is thrown. */
  readonly answers?: readonly unknown[];
}

/** A call without an engine: it records what is sent, slept and reported. */
export interface RecordedCall extends Call {
  readonly sent: WireRequest[];
  readonly slept: number[];
  readonly drifts: Array<readonly [path: string, kind: DriftKind]>;
}

export const answerOf = (body: unknown, status = 200): WireAnswer => ({
  status,
  headers: {},
  body,
  requestId: null,
});

export const recordedCall = (facts: CallFacts = {}): RecordedCall => {
  const answers = [...(facts.answers ?? [])];
  const call: RecordedCall = {
    settings: facts.settings ?? {},
    livemode: facts.livemode ?? null,
    account: null,
    include: new Set(),
    idempotencyKey: facts.idempotencyKey ?? null,
    prepared: facts.prepared ?? null,
    sent: [],
    slept: [],
    drifts: [],
    drift: (path, kind) => {
      call.drifts.push([path, kind]);
    },
    ...createAnswerChecks({ provider: 'pin' }),
    now: () => Date.UTC(2025, 1, 3),
    sleep: async (milliseconds) => {
      call.slept.push(milliseconds);
    },
    send: async <Wire>(request: WireRequest, response: z.ZodType<Wire>): Promise<Answered<Wire>> => {
      call.sent.push(request);
      const body = answers.shift();
      if (body === undefined) throw new Error(`nothing answers ${request.method} ${request.route}`);
      if (body instanceof Error) throw body;
      response.parse(body);
      return { wire: body as Wire, answer: answerOf(body) };
    },
  };
  return call;
};
