import { CardError, ChargesError, IntegrityError, InvalidResponseError } from '../errors.js';
import { withDetails } from '../errors/with-details.js';
import type { PagedList, PageEnd } from '../models/paging.js';
import type { Answered, Call } from '../provider.js';

/** What the errors of these checks tell of the call. */
interface CallFacts {
  readonly provider: string;
  readonly operation?: string;
  readonly idempotencyKey?: string | null;
  readonly chargeId?: string | null;
}

/** The checks that hold for every answer of every provider: whose it is, and whether it is all of it. */
export type AnswerChecks = Pick<Call, 'checkSame' | 'nextCursor' | 'readPages' | 'readItems'>;

/** Far more pages than any charge has refunds. A list without an end must not be read for ever. */
const maxPages = 1000;

/**
 * Makes the checks of one call. `outcomeNow` says whether a request of this call may have moved money by now.
 */
export const createAnswerChecks = (
  facts: CallFacts,
  outcomeNow: () => 'not_sent' | 'unknown' = () => 'not_sent',
): AnswerChecks => {
  const incomplete = (message: string): InvalidResponseError =>
    new InvalidResponseError({ ...facts, message, code: 'incomplete_list', outcome: outcomeNow() });

  const nextCursor = ({ count, asked, next, hasMore = next !== null }: PageEnd): string | null => {
    if (!hasMore) return null;
    if (count === 0) throw incomplete('the list says that there is more, but the page is empty');
    // It may come from an item that cannot be read.
    if (typeof next !== 'string' || next === '')
      throw incomplete('the list says that there is more, but not where');
    if (next === asked) throw incomplete('the list names the same page again');
    return next;
  };

  const readPages = async <Item>({ page, idOf }: PagedList<Item>): Promise<Item[]> => {
    const items = new Map<string, Item>();
    const asked = new Set<string>();
    let cursor: string | null = null;
    for (let pages = 0; pages < maxPages; pages += 1) {
      const { items: current, ...end } = await page(cursor);
      const known = items.size;
      for (const item of current) if (!items.has(idOf(item))) items.set(idOf(item), item);
      const next = nextCursor({ ...end, count: current.length, asked: cursor });
      if (next === null) return [...items.values()];
      if (asked.has(next)) throw incomplete('the list names a page again that was read before');
      if (items.size === known) throw incomplete('the list says that there is more, but repeats a page');
      asked.add(next);
      cursor = next;
    }
    throw incomplete(`the list has no end within ${maxPages} pages`);
  };

  return {
    nextCursor,
    readPages,
    // Outside of a page that the engine reads, whatever goes wrong goes wrong as a whole.
    readItems: (items, read) => Promise.all(items.map(async (item) => read(item))),
    checkSame: (asked, answered) => {
      if (asked === answered) return;
      throw new IntegrityError({
        ...facts,
        message: 'the provider answered about another charge or refund than was asked',
        code: 'crossed_answers',
        outcome: outcomeNow(),
      });
    },
  };
};

/** The error code of a refund that failed or was canceled. */
export const refundFailed = 'refund_failed';

/**
 * The provider accepted the request: only a decline or a failed refund is final now. Any other error leaves
 * it open.
 */
export const afterAnswer = async <Output>(
  { answer }: Pick<Answered<unknown>, 'answer'>,
  read: () => Promise<Output>,
): Promise<Output> => {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ChargesError) || error instanceof CardError || error.code === refundFailed)
      throw error;
    throw withDetails(error, {
      outcome: 'unknown',
      statusCode: answer.status,
      requestId: answer.requestId,
    });
  }
};
