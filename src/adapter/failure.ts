import type { Operation } from '../charges-client.js';
import { unknownDecline, type Advice, type DeclineRow } from '../models/decline.js';
import type { FieldIssue } from '../models/error-details.js';
import type { Call, ProviderFailure, WireAnswer } from '../provider.js';
import { rowOf } from './fields.js';

/** What a refusal means that is no decline. */
export interface Refusal {
  /** The class of the error that the caller gets. */
  readonly kind: ProviderFailure['kind'];
  /** What to do next; null where nothing general can be said. */
  readonly advice: Advice | null;
  /** `unknown` where the code leaves open what happened; `not_sent` where it says that nothing arrived. Default: `rejected`. */
  readonly outcome?: ProviderFailure['outcome'];
  /** Whether an earlier success of the same write is answered so, whatever the operation. */
  readonly mayBeOwnSuccess?: boolean;
  /** Whether a create that lacks its `returnUrl` is answered so, too. */
  readonly mayLackReturnUrl?: boolean;
}

/** A decline, with what the provider told besides. */
export type Decline = DeclineRow & Partial<Pick<ProviderFailure, 'networkCode' | 'charge' | 'providerCode'>>;

/** What an error body says. */
export interface ErrorTold {
  /** Whether the provider wrote it. A gateway's page is none, nor is a body without a code of the provider's. */
  readonly isOwn: boolean;
  /** The provider's code as its tables spell it; empty where it gave none. */
  readonly code: string;
  /** The code as it came, for logs. */
  readonly providerCode: string | null;
  /** The provider's own text; null where it has none. */
  readonly message: string | null;
  /** The charge that it names. */
  readonly chargeId: string | null;
  /** The fields that it names, by our paths. */
  readonly issues?: readonly FieldIssue[];
}

/** A provider's tables, and the few rules that no table can say. */
export interface FailureTables<Told extends ErrorTold> {
  /** The provider's name in a message where the body has none. */
  readonly name: string;
  /** That message, where it says more than the name and the status. */
  untold?(status: number, told: Told): string;
  /** Reads an error body, whatever it is. */
  read(body: unknown, call: Call, status: number): Told;
  /** What each code of a decline means. */
  readonly declines: Readonly<Record<string, DeclineRow>>;
  /** What each other code means. A row here beats everything but a fault. */
  readonly refusals: Readonly<Record<string, Refusal>>;
  /** Whether the code of a 429 says more than its status, so that it is judged as any other answer. Default: it does not. */
  readonly rateLimitHasCodes?: boolean;
  /** Codes that say nothing about the money, whatever their status. */
  readonly openCodes?: ReadonlySet<string>;
  /** Where the provider asks the issuer: only there an answer can be a decline. Default: create, capture and verify3DS. */
  readonly declining?: readonly Operation[];
  /** What a status means here, where it means something else than `usualRefusal` says: a 409, a 424, a documented 429. */
  byStatus?(status: number, told: Told): Refusal | undefined;
  /** A decline that no code alone tells. Null: none. Undefined: the tables decide. */
  decline?(told: Told, operation: Operation, status: number, call: Call): Decline | null | undefined;
  /** What a refusal means to one operation. */
  refusal?(found: Refusal, operation: Operation, told: Told, status: number): Refusal;
  /** Whether an earlier success of the same write would be answered so, too. */
  mayBeOwnSuccess(refusal: Refusal, operation: Operation, told: Told, status: number): boolean;
  /** The last word on a refusal: a message or fields in other words. */
  explain?(failure: ProviderFailure, operation: Operation, told: Told): ProviderFailure;
}

const inconclusive: Refusal = { kind: 'provider', outcome: 'unknown', advice: 'retry_later' };
const wrongRequest: Refusal = { kind: 'invalid_request', advice: 'fix_details' };
const usual: Readonly<Record<number, Refusal>> = {
  401: { kind: 'authentication', advice: 'contact_support' },
  // No decline, those are read before: a balance or a state does not allow it.
  402: { kind: 'conflict', advice: 'retry_later' },
  403: { kind: 'permission', advice: 'contact_support' },
  404: { kind: 'not_found', advice: null },
  408: inconclusive,
  409: { kind: 'conflict', advice: null },
  // Not documented to mean "not executed" unless a provider's table says so.
  429: { kind: 'rate_limit', outcome: 'unknown', advice: 'retry_later' },
};

/** What a status means where no code of the answer says more: the same at every provider. */
export const usualRefusal = (status: number): Refusal =>
  status >= 500 || status < 400 ? inconclusive : (usual[status] ?? wrongRequest);

/** Whether the status leaves open if the request was executed: 5xx, 408, or below 400. */
const isInconclusiveStatus = (status: number): boolean => usualRefusal(status) === inconclusive;

const usuallyDeclining: readonly Operation[] = ['create', 'capture', 'verify3DS'];

/** What every failure tells of its answer. */
const toldBy = <Told extends ErrorTold>(tables: FailureTables<Told>, { status }: WireAnswer, told: Told) => ({
  message: told.message ?? tables.untold?.(status, told) ?? `${tables.name} answered with HTTP ${status}`,
  providerCode: told.providerCode,
  chargeId: told.chargeId,
  // Whatever it is refused as: over-refund, lapsed and captured often differ here alone.
  ...(told.issues === undefined || told.issues.length === 0 ? {} : { issues: told.issues }),
  ...(told.isOwn ? {} : { isUnreadable: true }),
});

const declineOf = <Told extends ErrorTold>(
  tables: FailureTables<Told>,
  told: Told,
  operation: Operation,
  status: number,
  call: Call,
): (Decline & { readonly mayBeOwnSuccess?: boolean }) | null => {
  const decided = tables.decline?.(told, operation, status, call);
  if (decided !== undefined) return decided;
  if (told.code === '' || rowOf(tables.refusals, told.code) !== undefined) return null;
  const known = rowOf(tables.declines, told.code);
  if (known !== undefined) return known;
  // A charge that an error names under a create is a failed one; under a capture it is there anyway.
  const namesFailedCharge = operation !== 'capture' && told.chargeId !== null && usual[status] === undefined;
  if (status !== 402 && !namesFailedCharge) return null;
  call.drift('error', 'unknown_value');
  // A verification names its charge whatever became of it: a session that was completed already is refused so, too.
  return namesFailedCharge && operation === 'verify3DS'
    ? { ...unknownDecline, mayBeOwnSuccess: true }
    : unknownDecline;
};

const refusalOf = <Told extends ErrorTold>(
  tables: FailureTables<Told>,
  told: Told,
  operation: Operation,
  status: number,
) => {
  const found = rowOf(tables.refusals, told.code) ?? tables.byStatus?.(status, told) ?? usualRefusal(status);
  const refusal = tables.refusal?.(found, operation, told, status) ?? found;
  const mayBeOwnSuccess =
    refusal.mayBeOwnSuccess === true || tables.mayBeOwnSuccess(refusal, operation, told, status);
  return {
    kind: refusal.kind,
    // A verify is not recorded, and the response to a repeated one is not documented: read the charge
    // instead.
    outcome: operation === 'verify3DS' && mayBeOwnSuccess ? 'unknown' : (refusal.outcome ?? 'rejected'),
    advice: refusal.advice,
    mayBeOwnSuccess,
    ...(refusal.mayLackReturnUrl === true ? { mayLackReturnUrl: true } : {}),
  } as const;
};

/**
 * Reads answers that are no 2xx, in one order: a fault of the provider and a code that leaves the money open, then a rate
 * limit whose code says no more, then a decline, then the code of a refusal, then the status. Texts are never matched.
 */
export const failureOf = <Told extends ErrorTold>(tables: FailureTables<Told>) => {
  const declining: ReadonlySet<Operation> = new Set(tables.declining ?? usuallyDeclining);
  return (answer: WireAnswer, operation: Operation, call: Call): ProviderFailure => {
    const { status } = answer;
    const told = tables.read(answer.body, call, status);
    const about = toldBy(tables, answer, told);

    if (isInconclusiveStatus(status) || tables.openCodes?.has(told.code) === true) {
      // A failed or a paid charge may exist: it is read by its id if known, else looked up by its stamp.
      const row = declining.has(operation) ? rowOf(tables.declines, told.code) : undefined;
      const { kind, advice } = inconclusive;
      return {
        ...about,
        kind,
        outcome: 'unknown',
        advice: row?.advice ?? advice,
        declineCode: row?.code ?? null,
      };
    }
    if (status === 429 && tables.rateLimitHasCodes !== true) {
      const { kind, advice, outcome = 'rejected' } = tables.byStatus?.(status, told) ?? usualRefusal(status);
      return { ...about, kind, outcome, advice };
    }
    const decline = declining.has(operation) ? declineOf(tables, told, operation, status, call) : null;
    if (decline !== null) {
      const { code, ...rest } = decline;
      return { ...about, ...rest, kind: 'card', outcome: 'rejected', declineCode: code };
    }
    const failure = { ...about, ...refusalOf(tables, told, operation, status) };
    return tables.explain?.(failure, operation, told) ?? failure;
  };
};
