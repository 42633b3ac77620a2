import { CardError, ChargesError, ConflictError, IntegrityError, InvalidRequestError } from '../errors.js';
import { withDetails } from '../errors/with-details.js';
import type { Charge, ChargeStatus } from '../models/charge.js';
import type { Verify3DSParams } from '../models/params.js';
import type { OperationRows } from '../provider.js';
import type { CallContext } from '../calls/start-call.js';
import { refuseInput } from '../calls/check-input.js';
import { mayBeEchoOfSuccess } from '../calls/echo-of-success.js';
import type { Asked } from '../calls/check-params.js';
import { callFacts, declineError, plainCharge } from '../calls/failures.js';
import { checkCharge, checkExpected, assertMode, assertSameCharge } from '../calls/output.js';
import { runRow } from '../calls/reads.js';
import { asOpen } from './after-failure.js';
import { performPlainWrite } from './perform.js';

type VerifyRow = NonNullable<OperationRows['verify3DS']>;

const finished: ReadonlySet<ChargeStatus> = new Set(['authorized', 'captured']);

/** Whether the first copy of a verification, finished already, may be what it was refused for. */
const mayBeFinished = (error: ChargesError): boolean =>
  mayBeEchoOfSuccess(error) ||
  (!(error instanceof CardError) && (error instanceof ConflictError || error instanceof InvalidRequestError));

/** A decline that may be the answer to a second copy: of an unlisted code, which no more than names the charge. */
const isDoubtful = (error: ChargesError): boolean => error instanceof CardError && mayBeEchoOfSuccess(error);

/** The same refusal, which leaves open what became of the payment. */
const leftOpen = (run: CallContext, error: ChargesError): ChargesError =>
  asOpen(
    { ...callFacts(run), chargeId: error.chargeId },
    error,
    'the verification was refused, and nothing shows what became of the payment',
  );

/** A refusal that nothing could be read after: where it may be a repeat's, nobody knows what the first copy came to. */
const unseen = (run: CallContext, error: ChargesError, isRefused: boolean): ChargesError =>
  isRefused && mayBeFinished(error) ? leftOpen(run, error) : error;

/** A decline with the charge that it left. */
const withCharge = (error: ChargesError, charge: Charge): ChargesError =>
  error instanceof CardError && charge.status === 'failed'
    ? withDetails(error, { charge: plainCharge(charge) })
    : error;

/**
 * After a verify whose response was lost or that was refused, reads the charge instead, if the caller or the response named it. A
 * refusal may be that of a second copy, of a double click as of the network: what the first one finished counts.
 */
const readBack = async (run: CallContext, params: Verify3DSParams, error: unknown): Promise<Charge> => {
  const row = run.context.spec.operations.retrieve;
  // An answer about another charge was not lost: the caller must hear of it.
  if (!(error instanceof ChargesError) || error instanceof IntegrityError) throw error;
  const isRefused = error.outcome === 'rejected';
  if (!isRefused && error.outcome !== 'unknown') throw error;
  const id = params.chargeId ?? error.chargeId;
  if (row === undefined || id === null) throw unseen(run, error, isRefused);
  let charge: Charge;
  try {
    charge = await runRow<'retrieve'>({ ...run, isWrite: false, row: 'retrieve' }, row, { id });
  } catch {
    throw unseen(run, error, isRefused);
  }
  if (isRefused && !finished.has(charge.status)) {
    if (isDoubtful(error) && charge.status !== 'failed') throw leftOpen(run, error);
    throw withCharge(error, checkCharge(run, charge));
  }
  run.context.noteResolvedBy('lookup');
  return charge;
};

/**
 * What became of 3-D Secure. A row that finishes the payment is a write: sent once, and where its answer is lost the charge
 * is read. A failed or declined charge rejects like `create`.
 */
export const verify3DS = async (
  run: CallContext,
  row: VerifyRow,
  asked: Asked<Verify3DSParams>,
): Promise<Charge> => {
  const { params } = asked;
  if (params.chargeId === undefined && params.sessionToken === undefined) {
    throw refuseInput(run.context, run.operation, [
      { path: 'params', message: 'must be an object with a chargeId or a sessionToken' },
    ]);
  }
  const charge =
    row.isWrite === true
      ? await performPlainWrite<'verify3DS'>(run, row, asked).catch((error: unknown) =>
          readBack(run, params, error),
        )
      : await runRow<'verify3DS'>({ ...run, isWrite: false }, row, asked);
  checkCharge(run, charge);
  assertSameCharge(run, charge.id);
  assertMode(run, charge);
  checkExpected(run, charge, params.expected ?? {});
  if (charge.status === 'failed') throw declineError({ ...run, isWrite: true }, charge);
  return charge;
};
