/** ISO 8601 with a zone, seconds and their fraction optional: `2026-01-05T03:00:00.123456+08:00`. */
const zoned = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/;

/**
 * A moment of an answer as ISO 8601 text in UTC; null where it is missing. Text that is no moment with a zone is drift:
 * without a zone the moment is not known, and it is not guessed.
 */
export const readTimestamp = (
  text: string | null | undefined,
  path: string,
  drift: (path: string, kind: 'wrong_type') => void,
): string | null => {
  if (text === null || text === undefined || text === '') return null;
  const milliseconds = zoned.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(milliseconds)) {
    drift(path, 'wrong_type');
    return null;
  }
  return new Date(milliseconds).toISOString();
};
