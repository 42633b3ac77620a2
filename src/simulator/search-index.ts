/** A search index that lags: what was written becomes visible after a delay. */
export interface SearchIndex<Document> {
  /** Notes how an object looks from now on. */
  write(id: string, document: Document): void;
  /** What search can see now, in the order in which the objects came. */
  visible(): Document[];
}

/** Makes an index. `delayMs` is asked at every access, because a test may change it. */
export const createSearchIndex = <Document>(
  now: () => number,
  delayMs: () => number,
): SearchIndex<Document> => {
  const versions = new Map<string, { at: number; document: Document }[]>();
  return {
    write: (id, document) => {
      const known = versions.get(id);
      if (known === undefined) {
        versions.set(id, [{ at: now(), document }]);
        return;
      }
      // Without a delay nobody can see an older version: keep one, or a long simulation would keep them all.
      if (delayMs() === 0) known.length = 0;
      known.push({ at: now(), document });
    },
    visible: () => {
      const horizon = now() - delayMs();
      const seen: Document[] = [];
      for (const known of versions.values()) {
        const newest = known.findLast((version) => version.at <= horizon);
        if (newest !== undefined) seen.push(newest.document);
      }
      return seen;
    },
  };
};
