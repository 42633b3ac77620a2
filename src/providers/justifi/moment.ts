import type { ReportDrift } from '../../provider.js';

/** ISO 8601 with a zone; milliseconds are optional at JustiFi. */
const pattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/;

/** A moment of the wire as ISO 8601 text in UTC, or null. Text without a zone is not guessed at. */
export const moment = (text: string | null | undefined, path: string, drift: ReportDrift): string | null => {
  if (text == null) return null;
  const milliseconds = pattern.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(milliseconds)) {
    drift(path, 'wrong_type');
    return null;
  }
  return new Date(milliseconds).toISOString();
};
