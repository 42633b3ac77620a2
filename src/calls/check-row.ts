import type { FieldIssue } from '../models/error-details.js';
import { stampMetadataKey } from '../models/attachments.js';
import type { Call } from '../provider.js';
import { makeCall } from './call.js';
import { refuseInput } from './check-input.js';
import type { CallContext } from './start-call.js';
import { memberOf, isObject } from '../models/objects.js';

/** What every write refuses alike, before the provider's own limits. */
const commonIssues = (input: object): FieldIssue[] => {
  const metadata = memberOf(memberOf(input, 'params'), 'metadata');
  return isObject(metadata) && Object.hasOwn(metadata, stampMetadataKey)
    ? [{ path: `metadata.${stampMetadataKey}`, message: 'is kept for the idempotency key' }]
    : [];
};

/** Refuses what no write takes, and what the provider's own limits do not allow, before a byte is sent. */
export const assertRow = (
  run: CallContext,
  row: { check?(input: object, call: Call): readonly FieldIssue[] },
  input: object,
): void => {
  const issues = [...commonIssues(input), ...(row.check?.(input, makeCall(run, { prepared: null })) ?? [])];
  if (issues.length > 0)
    throw refuseInput(run.context, run.operation, issues, {
      idempotencyKey: run.idempotencyKey,
      chargeId: run.target,
    });
};
