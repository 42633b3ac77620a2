import type { FieldIssue } from '../models/error-details.js';
import { stampMetadataKey } from '../models/attachments.js';
import type { Call } from '../provider.js';
import { makeCall } from './call.js';
import { refuseInput } from './check-input.js';
import type { CallContext } from './start-call.js';

/** What every write refuses alike, before the provider's own limits. */
const commonIssues = (input: object): FieldIssue[] => {
  const { params } = input as { readonly params?: Readonly<Record<string, unknown>> };
  const metadata = params?.['metadata'];
  return typeof metadata === 'object' && metadata !== null && Object.hasOwn(metadata, stampMetadataKey)
    ? [{ path: `metadata.${stampMetadataKey}`, message: 'is kept for the idempotency key' }]
    : [];
};

/** Refuses what no write takes, and what the provider's own limits do not allow, before a byte is sent. */
export const assertRow = (
  run: CallContext,
  row: { check?(input: never, call: Call): readonly FieldIssue[] },
  input: object,
): void => {
  const issues = [
    ...commonIssues(input),
    ...(row.check?.(input as never, makeCall(run, { prepared: null })) ?? []),
  ];
  if (issues.length > 0)
    throw refuseInput(run.context, run.operation, issues, {
      idempotencyKey: run.idempotencyKey,
      chargeId: run.target,
    });
};
