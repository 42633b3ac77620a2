import type { FieldIssue } from '../models/error-details.js';
import type { CreateParams, UpdateParams, Verify3DSParams } from '../models/params.js';
import { sourceObject, type PaymentSourceObject, type PaymentSourceType } from '../models/payment-source.js';
import { memberOf } from './fields.js';
import type { AdapterCall, AdapterTypes, RowInput } from './inputs.js';
import type { Issues } from './rows.js';

type SourceOf<Type extends PaymentSourceType> = Extract<PaymentSourceObject, { type: Type }>;

/** How much metadata a provider keeps. The entries of this library count. */
export interface MetadataLimits {
  /** How many entries. */
  readonly entries: number;
  /** The longest name, in characters. */
  readonly name: number;
  /** The longest value, in characters. */
  readonly value: number;
}

/**
 * What a provider takes, as facts: they become `capabilities.create`, and what they exclude is refused before anything is
 * sent.
 */
export interface CreateLimits<Types extends AdapterTypes> {
  /** The kinds of sources that can be charged, and what is wrong with one of them: true where nothing can be. */
  readonly sources: {
    readonly [Type in PaymentSourceType]?:
      | true
      | {
          check(
            source: SourceOf<Type>,
            input: RowInput<Types, 'create'>,
            call: AdapterCall<Types['settings']>,
          ): Issues;
        }['check'];
  };
  /** What is said of any other kind. Default: `must be one of …`. */
  readonly otherSource?: string;
  /** Whether `customer` alone is charged, with its default card. */
  readonly customerAlone?: boolean;
  /** What is said where there is no source. Default: `is required`. Null: none is needed, or the row checks it. */
  readonly noSource?: string | null;
  /** What a call that does not say it takes from the settings. */
  defaults?(settings: Types['settings']): Partial<CreateParams> | undefined;
  /** Params that the provider requires, in the call or in the defaults. */
  readonly requires?: readonly (keyof CreateParams)[];
  /** Params that would change what happens, and why they are refused. A function decides by the others: null takes it. */
  readonly refuses?: {
    readonly [Name in keyof CreateParams]?: string | ((params: CreateParams) => string | null);
  };
  /** Params that only inform, and have no place here. */
  readonly leavesOut?: readonly (keyof CreateParams)[];
  /** The currencies that can be charged; with the smallest amount of each, where there is one. Left out: any. */
  readonly currencies?: readonly string[] | Readonly<Record<string, number>>;
  /** How much metadata a charge keeps. Left out: any. */
  readonly metadataLimits?: MetadataLimits;
  /** Metadata keys of the adapter's own, beside the stamp. They are refused in params. */
  readonly ownKeys?: readonly string[];
  /** The adapter's own entries of the metadata. */
  ownMetadata?(input: Omit<RowInput<Types, 'create'>, 'metadata'>): Readonly<Record<string, string>>;
}

/** What a provider changes of a charge. */
export interface UpdateLimits {
  /** What can be changed; every other field is refused. */
  readonly fields: readonly (keyof UpdateParams)[];
  /** Why a field is refused, where it could be changed but had better not. */
  readonly refuses?: { readonly [Name in keyof UpdateParams]?: string };
  readonly metadataLimits?: MetadataLimits;
}

/** The limits without the types of one provider. */
export type AnyLimits = CreateLimits<AdapterTypes>;

const sourceTypes = ['token', 'customer', 'card', 'bank_account', 'redirect'] as const;

/** The kinds of sources that can be charged. */
export const sourcesIn = ({ sources }: Pick<AnyLimits, 'sources'>): readonly PaymentSourceType[] =>
  sourceTypes.filter((type) => sources[type] !== undefined);

/** The codes of the currencies that can be charged, as they were written; undefined where there is no limit. */
export const currencyCodes = ({
  currencies,
}: Pick<AnyLimits, 'currencies'>): readonly string[] | undefined =>
  currencies === undefined || Array.isArray(currencies) ? currencies : Object.keys(currencies);

/** The source of a create; a customer alone is one where the provider charges its default card. */
export const chargedSource = (
  { source, customer }: CreateParams,
  { customerAlone }: Pick<AnyLimits, 'customerAlone'>,
): PaymentSourceObject | null => {
  if (source !== undefined) return sourceObject(source);
  return customer !== undefined && customerAlone === true ? { type: 'customer', customer } : null;
};

/** Params with the defaults of the settings in the place of what a call does not say. */
export const withDefaults = (
  params: CreateParams,
  defaults: Partial<CreateParams> | undefined,
): CreateParams => {
  if (defaults === undefined) return params;
  // A field that is there and undefined is not said either.
  const missing = Object.entries(defaults).filter(([name]) => memberOf(params, name) === undefined);
  return missing.length === 0 ? params : { ...params, ...Object.fromEntries(missing) };
};

type Input = RowInput<AdapterTypes, 'create'>;

interface SourceCheck {
  check(source: PaymentSourceObject, input: Input, call: AdapterCall): Issues;
}

const sourceIssues = (limits: AnyLimits, input: Input, call: AdapterCall): Issues => {
  const { source } = input;
  if (source === null) {
    const { noSource = 'is required' } = limits;
    return noSource === null ? [] : [{ path: 'source', message: noSource }];
  }
  // The check of a kind is only ever given a source of that kind.
  const check: true | SourceCheck['check'] | undefined = limits.sources[source.type];
  if (check === undefined) {
    const message = limits.otherSource ?? `must be one of ${sourcesIn(limits).join(', ')}`;
    return [{ path: 'source.type', message }];
  }
  return check === true ? [] : check(source, input, call);
};

const currencyIssue = (
  limits: AnyLimits,
  name: string,
  { amount, currency }: CreateParams,
): FieldIssue | null => {
  const codes = currencyCodes(limits);
  if (codes === undefined) return null;
  if (!codes.includes(currency)) {
    const message = codes.length === 1 ? `must be ${codes[0]}` : `must be one of ${codes.join(', ')}`;
    return { path: 'currency', message };
  }
  const smallest = memberOf(limits.currencies, currency);
  if (typeof smallest !== 'number' || amount >= smallest) return null;
  return { path: 'amount', message: `must be at least ${smallest}, the minimum of ${name}` };
};

const textIssues = (name: string, text: string, limits: MetadataLimits): Issues => [
  name.length > limits.name
    ? { path: 'metadata', message: `must have names of at most ${limits.name} characters` }
    : null,
  text.length > limits.value
    ? {
        path: name.length > limits.name ? 'metadata' : `metadata.${name}`,
        message: `must have at most ${limits.value} characters`,
      }
    : null,
];

/** What is wrong with metadata by the provider's limits. `own`: how many entries this library adds, the stamp always. */
export const metadataIssues = (
  limits: MetadataLimits | undefined,
  metadata: Readonly<Record<string, string | null>> = {},
  own = 1,
): Issues => {
  if (limits === undefined) return [];
  const { entries } = limits;
  const given = Object.entries(metadata);
  const places = own === 1 ? '1 holds the idempotency key' : `${own} hold what this library adds`;
  const message = `must have at most ${entries - own} entries: ${entries} are kept, and ${places}`;
  return [
    given.length + own > entries ? { path: 'metadata', message } : null,
    ...given.flatMap(([name, text]) => textIssues(name, text ?? '', limits)),
  ];
};

const createdMetadataIssues = (limits: AnyLimits, { params, metadata: sent }: Input): Issues => {
  const given = params.metadata ?? {};
  return [
    ...(limits.ownKeys ?? [])
      .filter((key) => Object.hasOwn(given, key))
      .map((key) => ({ path: `metadata.${key}`, message: 'is reserved for this library' })),
    ...metadataIssues(limits.metadataLimits, given, Object.keys(sent).length - Object.keys(given).length),
  ];
};

const refusedIssues = (limits: AnyLimits, params: CreateParams): Issues =>
  Object.entries(limits.refuses ?? {}).map(([path, why]) => {
    if (memberOf(params, path) === undefined) return null;
    const message = typeof why === 'function' ? why(params) : why;
    return message === null ? null : { path, message };
  });

/** What a create has wrong by the facts of its row. `own`: what the row itself found. */
export const createIssues = (
  limits: AnyLimits,
  name: string,
  input: Input,
  call: AdapterCall,
  own: Issues,
): Issues => [
  ...(limits.requires ?? []).map((field) =>
    input.params[field] === undefined
      ? { path: field, message: 'is required: give it here or in the setting `defaults`' }
      : null,
  ),
  currencyIssue(limits, name, input.params),
  ...refusedIssues(limits, input.params),
  ...own,
  ...sourceIssues(limits, input, call),
  ...createdMetadataIssues(limits, input),
];

const updatable: readonly (keyof UpdateParams)[] = [
  'description',
  'email',
  'customer',
  'shipping',
  'metadata',
];

/** What an update asks to change that cannot be changed. */
export const updateIssues = (
  params: UpdateParams,
  name: string,
  { fields, refuses, metadataLimits }: Pick<UpdateLimits, 'fields' | 'refuses' | 'metadataLimits'>,
): Issues => [
  ...updatable.map((path) =>
    params[path] === undefined || fields.includes(path)
      ? null
      : {
          path,
          message: refuses?.[path] ?? `cannot be changed at ${name}: only ${fields.join(' and ')} can`,
        },
  ),
  ...metadataIssues(metadataLimits, params.metadata),
];

/** How a payer who came back is recognized; what the provider does not know is refused. */
export const verifyIssues = (
  params: Verify3DSParams,
  name: string,
  by: readonly ('chargeId' | 'sessionToken' | 'otp')[],
): Issues => [
  !by.includes('sessionToken') && params.chargeId === undefined
    ? { path: 'chargeId', message: 'is required' }
    : null,
  ...(['sessionToken', 'otp'] as const).map((path) =>
    params[path] === undefined || by.includes(path)
      ? null
      : { path, message: `does not exist at ${name}: the charge is read by chargeId` },
  ),
];
