import type { Operation } from '../charges-client.js';
import { InvalidRequestError } from '../errors.js';
import type { Capabilities } from '../models/capabilities.js';
import { unknownName } from '../models/nearest-name.js';
import type { OperationRows, ProviderSpec } from '../provider.js';
import type { Refuser } from './check-input.js';

/** Every operation that a provider may have. */
const operations: readonly Operation[] = [
  'create',
  'retrieve',
  'update',
  'list',
  'search',
  'capture',
  'void',
  'expire',
  'refund',
  'listRefunds',
  'retrieveRefund',
  'verify3DS',
];

const allFilters = [
  'query',
  'status',
  'amount',
  'currency',
  'createdAfter',
  'createdBefore',
  'metadata',
  'customer',
] as const;

/** What a search that reads the list says of itself. */
const searchFacts = (rows: OperationRows): object => {
  const row = rows.search;
  if (row === undefined) return {};
  const ownPushedDown: readonly string[] = row.capability?.pushedDown ?? [];
  if (!('overList' in row)) {
    return { filteredHere: allFilters.filter((name) => !ownPushedDown.includes(name)) };
  }
  const include = rows.list?.capability?.include;
  const pushedDown = [...ownPushedDown, ...(rows.list?.capability?.pushedDown ?? [])];
  return {
    pushedDown,
    filteredHere: allFilters.filter((name) => name !== 'query' && !pushedDown.includes(name)),
    maxPages: row.overList.maxPages,
    ...(include === undefined ? {} : { include }),
  };
};

/** An operation by its name: `reverse` is `void` under another. A name that nobody has is refused: false would hide a slip. */
export const operationNamed = (context: Refuser, name: unknown): Operation => {
  const known = operations.find((operation) => operation === (name === 'reverse' ? 'void' : name));
  if (known !== undefined) return known;
  const message =
    typeof name === 'string'
      ? unknownName('operation', name, [...operations, 'reverse'])
      : 'must be the name of an operation';
  throw new InvalidRequestError({
    message: `supports() was asked for no operation: operation ${message}`,
    provider: context.spec.provider,
    operation: 'supports',
    outcome: 'not_sent',
    issues: [{ path: 'operation', message }],
  });
};

/** What a create still has to be given where the settings supply some of it. */
const requiredOfCall = ({ create }: OperationRows, settings: unknown): object => {
  const requires = create?.capability?.requires;
  const supplied = create?.suppliedParams?.(settings) ?? [];
  if (requires === undefined || supplied.length === 0) return {};
  return { requires: requires.filter((name) => !supplied.includes(name)) };
};

/**
 * The capability table of a provider: an absent row is an operation that it lacks.
 *
 * @param settings The provider's own settings of a client; without them the table is that of a client that has none.
 */
export const capabilitiesOf = (spec: ProviderSpec, settings: unknown = {}): Capabilities => {
  const rows: Partial<Record<Operation, { readonly capability?: object; readonly takesKey?: unknown }>> =
    spec.operations;
  const table: Record<string, unknown> = {
    writeSafety: spec.writeSafety.kind,
    idempotencyKeyLifetimeMs:
      spec.writeSafety.kind === 'provider-key' ? spec.writeSafety.keyLifetimeMs : null,
  };
  for (const name of operations) {
    const row = rows[name];
    table[name] =
      row === undefined
        ? { supported: false }
        : {
            supported: true,
            ...(row.takesKey === false ? { writeSafety: 'lookup' } : {}),
            ...row.capability,
            ...(name === 'create' ? requiredOfCall(spec.operations, settings) : {}),
            ...(name === 'search' ? searchFacts(spec.operations) : {}),
          };
  }
  // Each operation has what its row declares of itself, in the type of its own capability.
  return deepFreeze(table) as Capabilities;
};

const deepFreeze = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  const copy: unknown = Array.isArray(value)
    ? value.map(deepFreeze)
    : Object.fromEntries(Object.entries(value).map(([name, item]) => [name, deepFreeze(item)]));
  return Object.freeze(copy);
};
