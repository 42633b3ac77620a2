import { ChargesError, InvalidRequestError, InvalidResponseError, NotFoundError } from '../errors.js';
import { attach, splitMetadata, stampMetadataKey, stampOf } from '../models/attachments.js';
import type { Charge, UnknownCharge } from '../models/charge.js';
import { readTimestamp } from '../models/wire-timestamp.js';
import type { Call, PageItems, ReportDrift, WirePage } from '../provider.js';
import { isPathId } from '../transport/encode.js';
import { holdsSecret } from '../transport/redact.js';
import type { CallContext } from './start-call.js';
import { checkCharge, checkSound } from './output.js';
import { mostFields, wrongFieldsOf } from './read-answer.js';
import { wrongFieldsOfCharge } from './wrong-fields.js';
import { memberOf, fieldsOf, type Fields } from '../models/objects.js';

/**
 * Pages, item by item: one charge that cannot be read says nothing against the others. It stays in its page as a charge with
 * `status: 'unknown'`, as far as its id is readable, and a lookup takes from it what a lookup needs.
 */

/** Few items need further reads; those go a handful at a time. */
const readAtOnce = 5;

/** An item without a usable id: it is left out of the page, but a lookup must not rule it out. */
export interface LostItem {
  /** In milliseconds; null where it does not say. */
  readonly createdAt: number | null;
  /** The idempotency key that it carries, or null; undefined where that cannot be read. */
  readonly stamp: string | null | undefined;
}

const lostItems = new WeakMap<WirePage, readonly LostItem[]>();
/** Charges that were made of items that could not be read, with what was readable of their stamps. */
const sketches = new WeakMap<Charge, { readonly stamp: string | null | undefined }>();

/** The items of a page that are not among its charges. */
export const lostOf = (page: WirePage): readonly LostItem[] => lostItems.get(page) ?? [];

/** The key that a charge of a page carries, or null; undefined where its metadata cannot be read. */
export const stampTold = (charge: Charge): string | null | undefined => {
  const sketch = sketches.get(charge);
  return sketch === undefined ? stampOf(charge) : sketch.stamp;
};

/** Whether a charge represents an unreadable item: null fields in it may only be missing. */
export const isSketch = (charge: Charge): boolean => sketches.has(charge);

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** Metadata that is absent from a damaged item may be lost with the rest; null says that there is none. */
const readStamp = (metadata: unknown): string | null | undefined => {
  if (metadata === null) return null;
  if (typeof metadata !== 'object') return undefined;
  const stamp = memberOf(metadata, stampMetadataKey);
  if (stamp === undefined || stamp === null) return null;
  return typeof stamp === 'string' ? stamp : undefined;
};

const readCreated = (item: Fields, names: readonly string[]): string | null => {
  for (const name of names) {
    const value = item[name];
    if (typeof value === 'number' && Number.isSafeInteger(value) && Math.abs(value) <= 8.64e12)
      return new Date(value * 1000).toISOString();
    const moment = typeof value === 'string' ? readTimestamp(value, name, () => undefined) : null;
    if (moment !== null) return moment;
  }
  return null;
};

/** Keys of our own, which are not the merchant's. */
const ownKeysIn = (metadata: Fields): string[] =>
  Object.keys(metadata).filter((key) => key.startsWith('unicharge_'));

const nothingTold = {
  amount: null,
  amountCaptured: null,
  amountRefunded: null,
  currency: null,
  refundStatus: null,
  disputed: false,
  livemode: null,
  description: null,
  statementDescriptor: null,
  customer: null,
  email: null,
  paymentMethod: null,
  nextAction: null,
  threeDS: null,
  failure: null,
  fee: null,
  refunds: null,
  disputes: null,
  updatedAt: null,
  capturedAt: null,
  expiresAt: null,
} as const;

/** What can be told of an item that cannot be read: which one it is, when it was made, and whose it is. */
const sketchOf = (
  run: CallContext,
  raw: unknown,
  facts: Partial<PageItems> = {},
): UnknownCharge | LostItem => {
  const item = fieldsOf(raw);
  const id = item[facts.id ?? 'id'];
  const stamp = readStamp(item['metadata']);
  const createdAt = readCreated(item, facts.createdAt ?? ['created_at']);
  if (!isPathId(id) || holdsSecret(id, run.context.secrets))
    return { createdAt: createdAt === null ? null : Date.parse(createdAt), stamp };
  const wireMetadata = fieldsOf(item['metadata']);
  const { metadata } = splitMetadata(wireMetadata, ownKeysIn(wireMetadata));
  const charge: UnknownCharge = {
    ...nothingTold,
    provider: run.context.spec.provider,
    id,
    status: 'unknown',
    providerStatus: textOf(item['status']) ?? 'unreadable',
    metadata,
    createdAt,
  };
  attach(charge, { raw, stamp: stamp ?? null });
  sketches.set(charge, { stamp });
  return charge;
};

/** A charge that an adapter read, without what is wrong in it. It claims no status any more. */
const withoutWrong = (charge: Charge, fields: ReadonlySet<string>): UnknownCharge => {
  const wrong = new Set([...fields].map((path) => path.split('.')[0] ?? ''));
  const told: Partial<Charge> = { ...charge };
  for (const name of wrong) Reflect.deleteProperty(told, name);
  const money =
    told.currency == null
      ? // Without its currency nobody knows what a number means.
        { amount: null, amountCaptured: null, amountRefunded: null, refundStatus: null }
      : { refundStatus: told.amountRefunded == null ? null : (told.refundStatus ?? null) };
  const kept: UnknownCharge = {
    ...nothingTold,
    metadata: {},
    createdAt: null,
    ...told,
    ...money,
    provider: charge.provider,
    id: charge.id,
    status: 'unknown',
    providerStatus: told.providerStatus ?? 'unreadable',
    nextAction: null,
    failure: null,
    fee: null,
    capturedAt: null,
    expiresAt: null,
  };
  attach(kept, { raw: charge.raw, stamp: stampOf(charge) });
  sketches.set(kept, { stamp: wrong.has('metadata') ? undefined : stampOf(charge) });
  return kept;
};

/**
 * Whether something that went wrong is wrong with the item alone, such as a reference in it to what is not there. A lost connection
 * or a crossed answer is not.
 */
const isOfItem = (run: CallContext, error: unknown): boolean => {
  if (run.signal?.aborted === true) return false;
  if (!(error instanceof ChargesError)) return true;
  const isBad = error instanceof InvalidResponseError && error.code !== 'drift';
  return isBad || error instanceof NotFoundError || error instanceof InvalidRequestError;
};

/** The reading of one page. */
export interface PageReading {
  readonly readItems: Call['readItems'];
  /** The last check of each charge of the page; those that the row did not read with `readItems`, too. */
  finish<Page extends WirePage>(page: Page): Page;
}

export const createPageReading = (
  run: CallContext,
  facts: PageItems | undefined,
  drift: ReportDrift,
): PageReading => {
  const lost: LostItem[] = [];
  const done = new WeakSet<Charge>();
  const where = (place: number): string => `${facts?.in ?? 'data'}.${place}`;

  const unreadable = (place: number, fields: Iterable<string>): void => {
    const names = [...fields].filter((name) => name !== '').slice(0, mostFields);
    for (const name of names) drift(`${where(place)}.${name}`, 'unreadable');
    if (names.length === 0) drift(where(place), 'unreadable');
  };

  /** The charge of what cannot be read, where it has an id. */
  const sketched = (raw: unknown): Charge | null => {
    const sketch = sketchOf(run, raw, facts);
    if ('stamp' in sketch) {
      lost.push(sketch);
      return null;
    }
    return checkCharge(run, sketch);
  };

  const checked = (charge: Charge, place: number): Charge | null => {
    const fields = wrongFieldsOfCharge(run, charge);
    try {
      if (fields.size === 0) return checkSound(run, charge);
      unreadable(place, fields);
      return fields.has('id') ? sketched(charge.raw) : checkCharge(run, withoutWrong(charge, fields));
    } catch (error) {
      if (!isOfItem(run, error)) throw error;
      if (fields.size === 0) unreadable(place, []);
      return sketched(charge.raw);
    }
  };

  const readItem = async <Item>(
    item: Item,
    place: number,
    read: (item: Item) => Charge | Promise<Charge>,
  ): Promise<Charge | null> => {
    const wrong = wrongFieldsOf(item);
    if (wrong !== null) {
      unreadable(place, wrong);
      return sketched(item);
    }
    let charge: Charge;
    try {
      charge = await read(item);
    } catch (error) {
      if (!isOfItem(run, error)) throw error;
      unreadable(place, []);
      return sketched(item);
    }
    return checked(charge, place);
  };

  return {
    readItems: async (items, read) => {
      const charges: Charge[] = [];
      for (let start = 0; start < items.length; start += readAtOnce) {
        const group = items.slice(start, start + readAtOnce);
        const made = await Promise.all(group.map((item, index) => readItem(item, start + index, read)));
        for (const charge of made) {
          if (charge === null) continue;
          done.add(charge);
          charges.push(charge);
        }
      }
      return charges;
    },
    finish: (page) => {
      const data = page.data.flatMap((charge, place) =>
        done.has(charge) ? [charge] : (checked(charge, place) ?? []),
      );
      const finished = { ...page, data };
      lostItems.set(finished, lost);
      return finished;
    },
  };
};
