import * as z from 'zod';
import type { ReadOptions } from '../charges-client.js';
import { refuseInput } from '../calls/check-input.js';
import { InvalidResponseError } from '../errors.js';
import type { Charge } from '../models/charge.js';
import type { ChargeList, Page } from '../models/page.js';
import type { ListParams, SearchParams } from '../models/params.js';
import { createChargeList, type FetchedPage } from '../paginate.js';
import { refuser, routerName } from './params.js';
import { placed } from './recorded.js';
import type { ReadRoute } from './read-settings.js';
import type { RoutedCharge } from './route.js';
import type { RouterContext } from './router-context.js';

/** Where a merged list goes on, route by route. */
const placeSchema = z.object({
  /** The page that is being read; null for the first. */
  cursor: z.string().nullable(),
  /** The last charge of that page that was given; null where none was. */
  after: z.object({ id: z.string(), createdAt: z.string().nullable() }).nullable(),
  isOver: z.boolean(),
});

const cursorSchema = z.object({ version: z.literal(1), places: z.record(z.string(), placeSchema) });

type Place = z.infer<typeof placeSchema>;

const begin: Place = { cursor: null, after: null, isOver: false };

const encode = (places: Readonly<Record<string, Place>>): string =>
  Buffer.from(JSON.stringify({ version: 1, places }), 'utf8').toString('base64url');

const decode = (operation: string, cursor: string): Readonly<Record<string, Place>> => {
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))).places;
  } catch {
    throw refuseInput(refuser, operation, [{ path: 'cursor', message: 'is no cursor of this router' }]);
  }
};

const createdAt = ({ createdAt: moment }: Charge): number =>
  moment === null ? -Infinity : Date.parse(moment);

/** What of a page comes after a charge. Where new charges pushed that one off the page, what is older than it. */
const restOf = (page: readonly Charge[], after: Place['after']): readonly Charge[] => {
  if (after === null) return page;
  const index = page.findIndex(({ id }) => id === after.id);
  if (index >= 0) return page.slice(index + 1);
  const moment = after.createdAt === null ? -Infinity : Date.parse(after.createdAt);
  return page.filter((charge) => createdAt(charge) <= moment);
};

/** One route while a page is merged. */
interface Stream {
  readonly route: ReadRoute;
  place: Place;
  waiting: readonly Charge[];
  /** The page after the one that is being read. */
  next: string | null;
}

/** More pages in a row than this without a single charge are not read for one merged page. */
const mostEmptyPages = 100;

type Read = (route: ReadRoute, cursor: string | null) => Promise<Page<Charge>>;

/** Reads on until a route has a charge to give, or none any more. */
const fill = async (stream: Stream, read: Read): Promise<void> => {
  const { route } = stream;
  for (let pages = 0; !stream.place.isOver && stream.waiting.length === 0; pages += 1) {
    const { cursor, after } = stream.place;
    const page = await read(route, cursor);
    stream.waiting = restOf(page.data, after);
    stream.next = page.nextCursor;
    if (stream.waiting.length > 0) return;
    if (page.nextCursor !== null && (page.nextCursor === cursor || pages >= mostEmptyPages))
      throw new InvalidResponseError({
        provider: route.client.provider,
        operation: 'list',
        outcome: 'not_sent',
        code: 'incomplete_list',
        message: `the list of the route ${route.name} goes on without giving anything`,
      });
    turn(stream);
  }
};

/** Everything of the present page was given. */
const turn = (stream: Stream): void => {
  const { next, place } = stream;
  stream.place = next === null ? { ...place, isOver: true } : { cursor: next, after: null, isOver: false };
};

/** Takes the next charge of a stream, and notes that it was given. */
const take = (stream: Stream): RoutedCharge => {
  const [charge, ...others] = stream.waiting;
  if (charge === undefined) throw new RangeError('nothing waits in this stream');
  stream.waiting = others;
  stream.place = { ...stream.place, after: { id: charge.id, createdAt: charge.createdAt } };
  if (others.length === 0) turn(stream);
  return placed(charge, stream.route.name);
};

/** The stream whose next charge is the newest; of two that are equally new, the one of the earlier route. */
const newest = (streams: readonly Stream[]): Stream | undefined =>
  streams.reduce<Stream | undefined>((best, stream) => {
    const [charge] = stream.waiting;
    if (charge === undefined) return best;
    const [other] = best?.waiting ?? [];
    return other === undefined || createdAt(charge) > createdAt(other) ? stream : best;
  }, undefined);

const defaultLimit = 25;

/** One list over all routes, newest first, with one cursor. */
export const listRoutes = (
  { settings }: Pick<RouterContext, 'settings'>,
  operation: 'list' | 'search',
  params: ListParams | SearchParams,
  options: ReadOptions | undefined,
): ChargeList<RoutedCharge> => {
  const { cursor, maxItems, ...asked } = params;
  const read: Read = async (route, from) => {
    const page = { ...asked, ...(from === null ? {} : { cursor: from }) };
    return operation === 'list' ? route.client.list(page, options) : route.client.search(page, options);
  };
  const fetch = async (from: string | null): Promise<FetchedPage<RoutedCharge>> => {
    const places = from === null ? {} : decode(operation, from);
    const streams = settings.routes.map((route): Stream => {
      const place = (Object.hasOwn(places, route.name) ? places[route.name] : undefined) ?? begin;
      return { route, place, waiting: [], next: null };
    });
    const data: RoutedCharge[] = [];
    const limit = params.limit ?? defaultLimit;
    while (data.length < limit) {
      // All of them, because the newest may come from any.
      await Promise.all(streams.map((stream) => fill(stream, read)));
      const stream = newest(streams);
      if (stream === undefined) break;
      data.push(take(stream));
    }
    const isOver = streams.every(({ place }) => place.isOver);
    const next = Object.fromEntries(streams.map(({ route, place }) => [route.name, place]));
    // A sum of several providers' totals would be one of nobody.
    return { data, nextCursor: isOver ? null : encode(next), total: null, raw: null };
  };
  return createChargeList({
    cursor: cursor ?? null,
    maxItems: maxItems ?? null,
    fetch,
    onRepeatedCursor: () => {
      throw new InvalidResponseError({
        provider: routerName,
        operation,
        outcome: 'not_sent',
        code: 'incomplete_list',
        message: 'the list names a page again that was read before',
      });
    },
  });
};
