import type * as z from 'zod';
import { vi } from 'vitest';
import { createAnswerChecks } from '../../../src/calls/whole-answers.js';
import type { Charge } from '../../../src/models/charge.js';
import type { Refund } from '../../../src/models/refund.js';
import type { Answered, Call, WireRequest } from '../../../src/provider.js';
import { justifiProvider } from '../../../src/providers/justifi/index.js';
import { outputOf } from '../seam.js';
import { driftListener, type Wire } from './wire-samples.js';

type CallFacts = Partial<Pick<Call, 'settings' | 'livemode' | 'idempotencyKey' | 'prepared' | 'drift'>>;

/** A call without an engine. Its reads are answered by their route, and remembered. */
export const callWith = (
  facts: CallFacts = {},
  answers: Readonly<Record<string, unknown>> = {},
): { readonly call: Call; readonly asked: WireRequest[] } => {
  const asked: WireRequest[] = [];
  const call: Call = {
    settings: {},
    livemode: false,
    account: null,
    include: new Set(),
    idempotencyKey: null,
    prepared: null,
    drift: vi.fn(),
    ...createAnswerChecks({ provider: 'justifi' }),
    now: () => 0,
    sleep: async () => undefined,
    send: async <Own>(request: WireRequest, response: z.ZodType<Own>): Promise<Answered<Own>> => {
      asked.push(request);
      const data = answers[request.route];
      if (data === undefined) throw new Error(`nobody answers ${request.route}`);
      const body: unknown = { data };
      response.parse(body);
      // The check above has seen it.
      return { wire: body as Own, answer: { status: 200, headers: {}, body, requestId: null } };
    },
    ...facts,
  };
  return { call, asked };
};

/** A payment as `retrieve` reads it. */
export const readPayment = (data: Wire, drift = driftListener()): Charge =>
  outputOf(justifiProvider, 'retrieve', { body: { data } }, callWith({ drift }).call, {
    id: data.id,
  }) as Charge;

/** A refund as `refund` reads it. */
export const readRefund = (
  data: Wire,
  { id, currency }: { readonly id: string; readonly currency: string },
  drift = driftListener(),
): Refund =>
  outputOf(
    justifiProvider,
    'refund',
    { body: { data } },
    callWith({ drift, prepared: { amount: 500, currency } }).call,
    { id, params: {} },
  ) as Refund;
