import { capabilitiesOf } from '../../src/calls/capabilities.js';
import type { Capabilities } from '../../src/models/capabilities.js';
import type { ExtraCall, ProviderSpec } from '../../src/provider.js';
import { justifiProvider } from '../../src/providers/justifi/index.js';
import { magpieProvider } from '../../src/providers/magpie/index.js';
import { omiseProvider } from '../../src/providers/omise/index.js';
import { paymongoProvider } from '../../src/providers/paymongo/index.js';
import { pinProvider } from '../../src/providers/pin/index.js';
import { stripeProvider } from '../../src/providers/stripe/index.js';
import { code, codes, table } from './markdown.js';

const specs: readonly (readonly [title: string, spec: ProviderSpec])[] = [
  ['Stripe', stripeProvider],
  ['Omise', omiseProvider],
  ['Magpie / Zip', magpieProvider],
  ['JustiFi', justifiProvider],
  ['Pin', pinProvider],
  ['PayMongo', paymongoProvider],
];

const minutes = (milliseconds: number): string => `${milliseconds / 60_000} minutes`;
const hours = (milliseconds: number): string => `${milliseconds / 3_600_000} h`;
const words = (names: readonly string[] | undefined): string => (names?.length ? codes(names) : '-');
const yes = ({ supported }: { readonly supported: boolean }, details?: string): string =>
  supported ? (details ?? 'yes') : '-';

const currencies = (list: readonly string[] | undefined): string => {
  if (list === undefined) return "the account's";
  return list.length > 3 ? `${list.length}` : list.join(', ');
};

const partialCapture = ({ supported, partial }: Capabilities['capture']): string => {
  if (!supported) return '-';
  return partial === true ? 'any part' : partial === 'some' ? 'some charges' : 'all or nothing';
};

const voidFacts = ({ supported, windowMs, captured }: Capabilities['void']): string => {
  if (!supported) return '-';
  const what = captured === true ? 'also captured' : 'authorized only';
  return windowMs == null ? what : `${what}, ${minutes(windowMs)}`;
};

const searchFacts = ({ search }: Capabilities): string => {
  if (!search.supported) return '-';
  return search.maxPages === undefined
    ? `at the provider${search.eventuallyConsistent === true ? ', lags' : ''}`
    : `reads the list, ${search.maxPages} pages`;
};

const noCall: ExtraCall = () => Promise.reject(new Error('nothing is sent here'));
const extrasOf = (spec: ProviderSpec): string => words(Object.keys(spec.extras?.(noCall) ?? {}));

type Fact = (capabilities: Capabilities, spec: ProviderSpec) => string;

const rows: readonly (readonly [title: string, fact: Fact])[] = [
  [
    'a repeated write is safe by',
    ({ writeSafety, idempotencyKeyLifetimeMs: life }) =>
      writeSafety === 'lookup' || life === null ? 'lookup' : `its keys, ${hours(life)}`,
  ],
  ['`create` from', ({ create }) => words(create.sources)],
  ['`create` requires', ({ create }) => words(create.requires)],
  ['`create` refuses', ({ create }) => words(create.refuses)],
  ['`create` leaves out', ({ create }) => words(create.leavesOut)],
  ['currencies', ({ create }) => currencies(create.currencies)],
  ['`capture`', ({ capture }) => partialCapture(capture)],
  ['`void`', ({ void: release }) => voidFacts(release)],
  ['`refund`', ({ refund }) => yes(refund, refund.partial === true ? 'any part' : 'full')],
  ['refunds keep `metadata`', ({ refund }) => (refund.metadata === true ? 'yes' : '-')],
  ['`update`', ({ update }) => yes(update, words(update.fields))],
  ['`list`', ({ list }) => yes(list, list.order === 'newest_first' ? 'newest first' : 'no known order')],
  ['`search`', (capabilities) => searchFacts(capabilities)],
  ['search filters of its own', ({ search }) => words(search.pushedDown)],
  ['`expire`', ({ expire }) => yes(expire)],
  ['`verify3DS`', ({ verify3DS }) => yes(verify3DS, words(verify3DS.by))],
  ['only here', (_, spec) => extrasOf(spec)],
];

/** What each provider can do, as `client.capabilities` says it. */
export const capabilityTable = (): string =>
  table(
    ['', ...specs.map(([title]) => title)],
    rows.map(([title, fact]) => [title, ...specs.map(([, spec]) => fact(capabilitiesOf(spec), spec))]),
  );

/** Every provider's entry, its settings and the variables that they may come from. */
export const providerSettingsTable = (): string =>
  table(
    ['provider', 'settings of its own', 'or from the environment'],
    specs.map(([title, spec]) => [
      `[${title}](${spec.provider}.md)`,
      words(Object.keys(spec.settings)),
      Object.values(spec.environment)
        .map(({ variable }) => code(variable))
        .join(', '),
    ]),
  );
