import { ConflictError, IntegrityError, type ChargesError } from '../errors.js';
import type { Charge } from '../models/charge.js';
import { isChargeEvent, type ChargeEvent, type ReportedEvent } from '../models/event.js';
import { refundSchema, type Refund } from '../models/refund.js';
import type { ProviderSpec } from '../provider.js';
import { isPathId } from '../transport/encode.js';
import { collectDrift } from './call.js';
import type { CallContext } from './start-call.js';
import { callFacts, declineError, invalidResponse } from './failures.js';
import { mostFields } from './read-answer.js';
import { agreeOnRefunds } from './refunded-totals.js';
import { redactChargeInPlace, redactRefundInPlace, redactedDispute } from './shown.js';
import { idsOf, wrongFieldsOfCharge, wrongIn } from './wrong-fields.js';
import { itemsOf } from '../models/objects.js';

/** What was asked of a charge, as far as the answer must agree with it. */
export interface AskedAmount {
  readonly amount: number | null;
  readonly currency: string | null;
  /** What had been captured before a capture of a part. */
  readonly capturedBefore?: number | null;
  /** Whether a capture of this write may have been sent, when the charge was not captured yet. */
  readonly mayBeSent?: boolean;
}

const checkShape = (run: CallContext, fields: ReadonlySet<string>, chargeId: string): void => {
  if (fields.size === 0) return;
  throw invalidResponse(run, `the answer gives no valid ${[...fields].slice(0, mostFields).join(', ')}`, {
    chargeId: isPathId(chargeId) ? chargeId : null,
  });
};

const shown = <Made>(run: CallContext, chargeId: string | null, made: Made, show: () => void): Made => {
  try {
    show();
  } catch {
    // An adapter may have frozen it.
    throw invalidResponse(run, 'the answer holds what must not be shown', { chargeId });
  }
  return made;
};

/** The last check of a charge whose fields are known to be right. */
export const checkSound = (run: CallContext, charge: Charge): Charge => {
  const { drift, finish } = collectDrift(run);
  shown(run, charge.id, charge, () => {
    agreeOnRefunds(charge, drift);
    redactChargeInPlace(charge, run.context.secrets, drift);
  });
  finish(charge.id);
  return charge;
};

/**
 * The last check of a charge before it reaches the caller, an error or a record. The object itself is handed on, with what rides
 * on it, but without secrets in the provider's words and without addresses that no browser may be sent to.
 */
export const checkCharge = (run: CallContext, charge: Charge): Charge => {
  checkShape(run, wrongFieldsOfCharge(run, charge), charge.id);
  return checkSound(run, charge);
};

/** The same for a refund. */
export const checkRefund = (run: CallContext, refund: Refund): Refund => {
  const wrong = wrongIn(run, refundSchema, refund, () => idsOf(refund));
  checkShape(run, wrong, refund.chargeId);
  return shown(run, refund.chargeId, refund, () => redactRefundInPlace(refund, run.context.secrets));
};

/** The same for an event: the charge, the refund and the words of the dispute in it, and that it carries what its type names. */
export const checkEvent = (run: CallContext, event: ReportedEvent): ChargeEvent => {
  if (!isChargeEvent(event))
    throw integrityError(
      run,
      `an event of the type ${event.type} came without what it is about`,
      event.chargeId,
    );
  if (event.charge !== null) checkCharge(run, event.charge);
  if (event.refund !== null) checkRefund(run, event.refund);
  const { dispute } = event;
  if (dispute === null) return event;
  const redacted = redactedDispute(dispute, run.context.secrets);
  return shown(run, event.chargeId, event, () => {
    if (redacted !== dispute) Object.assign(event, { dispute: redacted });
  });
};

/** The same for what a provider's extra method gives, where that is a charge, an event, or several. */
export const checkExtra = <Output>(run: CallContext, output: Output): Output => {
  if (Array.isArray(output)) for (const each of itemsOf(output)) checkExtra(run, each);
  else if (typeof output === 'object' && output !== null) {
    const made: object = output;
    // What is checked as a charge is refused there where it is none; so is the charge in an event.
    if ('providerStatus' in made && 'nextAction' in made) checkCharge(run, made as Charge);
    else if ('dedupeKey' in made && 'charge' in made) checkEvent(run, made as ReportedEvent);
  }
  return output;
};

/** The error of an answer that cannot be right: what was sent may have happened. */
export const integrityError = (
  run: CallContext,
  message: string,
  chargeId: string | null,
  code?: string,
): ChargesError =>
  new IntegrityError({
    ...callFacts(run),
    code,
    message,
    outcome: run.isWrite ? 'unknown' : 'not_sent',
    chargeId: chargeId ?? run.target,
  });

const prefixOf = (spec: ProviderSpec, id: string): string | undefined =>
  spec.interchangeableIds?.find((prefix) => id.startsWith(prefix));

/** Whether an answer under another id may be about the charge that was asked: only where the provider has several ids for it. */
const mayBeSame = ({ spec }: CallContext['context'], asked: string, answered: string): boolean => {
  const [askedPrefix, answeredPrefix] = [prefixOf(spec, asked), prefixOf(spec, answered)];
  return askedPrefix !== undefined && answeredPrefix !== undefined && askedPrefix !== answeredPrefix;
};

/** Refuses a response about another charge than the requested one. */
export const assertSameCharge = (run: CallContext, id: string, asked: string | null = run.target): void => {
  if (asked === null || asked === id || mayBeSame(run.context, asked, id)) return;
  throw integrityError(run, 'the answer is about another charge than was asked', asked, 'crossed_answers');
};

/** A refund that was asked for by its id is that one, and one of the charge. */
export const assertSameRefund = (run: CallContext, refund: Refund, asked: string, chargeId: string): void => {
  assertSameCharge(run, refund.chargeId, chargeId);
  if (refund.id === asked) return;
  throw integrityError(run, 'the answer is about another refund than was asked', chargeId, 'crossed_answers');
};

/** Refuses a response whose mode (live or test) differs from that of the client's API key. */
export const assertMode = (run: CallContext, charge: Charge): void => {
  const { livemode } = run.context.connection;
  if (livemode !== null && charge.livemode !== null && charge.livemode !== livemode) {
    throw integrityError(run, 'the answer is of the other mode, test or live', charge.id);
  }
};

/** A refund that the charge had before the request was sent is not what the request made. */
export const assertNewRefund = (
  run: CallContext,
  refund: Refund,
  idsBefore: readonly string[] | null,
): void => {
  if (idsBefore?.includes(refund.id) !== true) return;
  throw integrityError(run, 'the answer is about a refund that was there before', null, 'crossed_answers');
};

/** A created charge must be the one that was asked for. */
export const checkCreated = (run: CallContext, charge: Charge, asked: AskedAmount): void => {
  assertMode(run, charge);
  if (charge.amount !== asked.amount || charge.currency !== asked.currency) {
    throw integrityError(run, 'the answer has another amount or currency than was asked', charge.id);
  }
};

/** An expected order, compared with what the provider says: an id from the browser is not trusted. */
export const checkExpected = (
  run: CallContext,
  charge: Charge,
  expected: {
    readonly chargeId?: string | undefined;
    readonly amount?: number | undefined;
    readonly currency?: string | undefined;
  },
): void => {
  const wrong = [
    expected.chargeId !== undefined && expected.chargeId !== charge.id ? 'charge' : null,
    expected.amount !== undefined && expected.amount !== charge.amount ? 'amount' : null,
    expected.currency !== undefined && expected.currency !== charge.currency ? 'currency' : null,
  ].filter((name) => name !== null);
  if (wrong.length > 0) {
    throw integrityError(
      run,
      `the charge is not the expected one: another ${wrong.join(' and ')}`,
      charge.id,
      'unexpected_charge',
    );
  }
};

const conflict = (run: CallContext, charge: Charge, message: string): ChargesError =>
  new ConflictError({ ...callFacts(run), message, outcome: 'rejected', chargeId: charge.id });

/**
 * Whether a charge shows the effect of a write on it. `yes`; `no` (it may still come, or never did); `unclear`; or an error
 * that tells what happened instead.
 */
export const effectOn = (
  run: CallContext,
  charge: Charge,
  asked: AskedAmount,
): 'yes' | 'no' | 'unclear' | ChargesError => {
  switch (run.row) {
    case 'capture': {
      if (charge.status === 'captured') {
        const amount = asked.amount === null ? charge.amount : asked.amount + (asked.capturedBefore ?? 0);
        // If the provider does not show the captured amount, assume the authorized one; a partial capture
        // counts only if this write may have been sent.
        if (charge.amountCaptured === null)
          return amount === charge.amount || asked.mayBeSent === true ? 'yes' : 'unclear';
        if (charge.amountCaptured === amount) return 'yes';
        return conflict(run, charge, 'the charge was captured with another amount');
      }
      if (charge.status === 'failed') return declineError(run, charge);
      if (charge.status === 'voided' || charge.status === 'expired') {
        return conflict(run, charge, `the charge is ${charge.status}, so it cannot be captured`);
      }
      return 'no';
    }
    case 'void':
      if (charge.status === 'voided') return 'yes';
      // Another request captured first, and the provider voided by a full refund: no money stays captured.
      if (charge.status === 'captured' && charge.refundStatus === 'full') return 'yes';
      if (charge.status === 'expired' || charge.status === 'failed') {
        return conflict(run, charge, `the charge is ${charge.status}, so there is nothing to void`);
      }
      return 'no';
    case 'expire':
      if (charge.status === 'expired') return 'yes';
      if (charge.status === 'pending' || charge.status === 'requires_action' || charge.status === 'unknown')
        return 'no';
      return conflict(run, charge, `the charge is ${charge.status}, so it cannot expire`);
    default:
      return 'yes';
  }
};

/** A 2xx answer of a write must show its effect; if it does not, the money may be anywhere. */
export const checkEffect = (run: CallContext, charge: Charge, asked: AskedAmount): void => {
  assertMode(run, charge);
  assertSameCharge(run, charge.id);
  const effect = effectOn(run, charge, asked);
  // A capture of some methods is answered while it is under way.
  if (effect === 'yes') return;
  if (effect === 'no' && run.row === 'capture' && charge.status === 'pending') return;
  // Another request captured first, and the void worked as a refund: return the charge as captured, never as
  // voided.
  if (run.row === 'void' && charge.status === 'captured' && charge.refundStatus === 'full') return;
  if (typeof effect === 'object' && charge.status === 'failed') throw effect;
  throw invalidResponse(
    run,
    `the answer does not show the effect of ${run.operation}: the charge is ${charge.status}`,
    {
      code: 'effect_missing',
      chargeId: charge.id,
    },
  );
};

/** A refund must have the asked amount and belong to the charge. */
export const checkRefunded = (run: CallContext, refund: Refund, asked: AskedAmount): void => {
  assertSameCharge(run, refund.chargeId);
  const wrongAmount = asked.amount !== null && refund.amount !== asked.amount;
  const wrongCurrency = asked.currency !== null && refund.currency !== asked.currency;
  if (wrongAmount || wrongCurrency) {
    throw integrityError(run, 'the refund has another amount or currency than was asked', refund.chargeId);
  }
};
