import type { Charge } from './charge.js';

/** One page of a list, newest first where the provider's capabilities say so. It iterates over its own items. */
export interface Page<Item> extends Iterable<Item> {
  /** The items of this page, in the order of the provider. */
  readonly data: readonly Item[];
  /** Opaque: pass it as `cursor` to get the next page. Null on the last page. */
  readonly nextCursor: string | null;
  /** How many there are on all pages, where the provider says so; before what is filtered here. */
  readonly total: number | null;
  /** The provider's own page, non-enumerable. It may hold secrets: never log it. */
  readonly raw?: unknown;
}

/**
 * The answer of `list` and `search`. Nothing is asked before it is awaited or iterated.
 * Awaited, it is one page; iterated with `for await`, it is every charge of every page.
 */
export interface ChargeList<Each extends Charge = Charge>
  extends PromiseLike<Page<Each>>, AsyncIterable<Each> {
  catch<Other = never>(
    onRejected?: ((reason: unknown) => Other | PromiseLike<Other>) | null,
  ): Promise<Page<Each> | Other>;
  finally(onFinally?: (() => void) | null): Promise<Page<Each>>;
}
