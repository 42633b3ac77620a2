import type { FieldIssue } from '../models/error-details.js';
import { stampMetadataKey } from '../models/attachments.js';
import { keyInPlace } from '../models/key-in-place.js';
import type { Secret } from '../models/secret.js';
import type { Call } from '../provider.js';
import { makeCall } from './call.js';
import { refuseInput } from './check-input.js';
import type { CallContext } from './start-call.js';
import { memberOf, isObject } from '../models/objects.js';

/** Where a token or the id of a customer stands. */
const tokenPlaces: readonly (readonly string[])[] = [
  ['source'],
  ['source', 'token'],
  ['source', 'customer'],
  ['source', 'card'],
  ['customer'],
];

/** Keys that do not look like keys, in the place of a token: they would be sent as the payer's. */
const ownKeyIssues = (params: unknown, secrets: readonly Secret[]): FieldIssue[] =>
  tokenPlaces
    .filter((path) => {
      const token = path.reduce(memberOf, params);
      return typeof token === 'string' && secrets.some((secret) => secret.reveal() === token);
    })
    .map((path) => ({ path: path.join('.'), message: keyInPlace }));

/** What every write refuses alike, before the provider's own limits. */
const commonIssues = (input: object, secrets: readonly Secret[]): FieldIssue[] => {
  const params = memberOf(input, 'params');
  const metadata = memberOf(params, 'metadata');
  const issues = ownKeyIssues(params, secrets);
  return isObject(metadata) && Object.hasOwn(metadata, stampMetadataKey)
    ? [...issues, { path: `metadata.${stampMetadataKey}`, message: 'is kept for the idempotency key' }]
    : issues;
};

/** Refuses what no write takes, and what the provider's own limits do not allow, before a byte is sent. */
export const assertRow = (
  run: CallContext,
  row: { check?(input: object, call: Call): readonly FieldIssue[] },
  input: object,
): void => {
  const issues = [
    ...commonIssues(input, run.context.secrets),
    ...(row.check?.(input, makeCall(run, { prepared: null })) ?? []),
  ];
  if (issues.length > 0)
    throw refuseInput(run.context, run.operation, issues, {
      idempotencyKey: run.idempotencyKey,
      chargeId: run.target,
    });
};
