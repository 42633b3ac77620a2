import { CardError, type ChargesError, type FieldIssue } from '../errors.js';
import type { CallContext } from './start-call.js';

const mayLack = new WeakSet<ChargesError>();

/** Marks a refusal that may be about an address that was not given, though it does not say so in a code of its own. */
export const markMayLackReturnUrl = (error: ChargesError): void => {
  mayLack.add(error);
};

const messageFor = (error: ChargesError): string | null => {
  if (error instanceof CardError && error.declineCode === 'authentication_required')
    return 'was not given, so the payer could not be asked to authenticate';
  return mayLack.has(error)
    ? 'was not given: it is needed where the payer has to authenticate, or pays on a page elsewhere'
    : null;
};

/**
 * Names `returnUrl` in the error of a create that was refused because it is missing. Each provider words this
 * differently, and some name fields that the caller never set.
 */
export const nameMissingReturnUrl = (
  run: CallContext,
  params: Readonly<Record<string, unknown>> | undefined,
  error: ChargesError,
): ChargesError => {
  const { create, verify3DS } = run.context.spec.operations;
  const isTaken = verify3DS !== undefined && create?.capability?.leavesOut?.includes('returnUrl') !== true;
  if (run.row !== 'create' || !isTaken || params?.['returnUrl'] !== undefined) return error;
  const message = messageFor(error);
  if (message === null || error.issues.some(({ path }) => path === 'returnUrl')) return error;
  const issues: readonly FieldIssue[] = [...error.issues, { path: 'returnUrl', message }];
  return Object.defineProperty(error, 'issues', { value: issues, enumerable: true, configurable: true });
};
