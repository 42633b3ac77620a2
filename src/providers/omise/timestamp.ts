import type { ReportDrift } from '../../provider.js';

/** ISO 8601 with a zone, such as `2026-01-05T03:00:00Z`. Without a zone the moment is not known. */
const zoned = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})$/;

/** A time of an answer as ISO 8601 in UTC; null where it is missing. Text that is no moment with a zone is drift. */
export const toTimestamp = (
  text: string | null | undefined,
  path: string,
  drift: ReportDrift,
): string | null => {
  if (text === null || text === undefined || text === '') return null;
  const moment = zoned.test(text) ? new Date(text) : null;
  if (moment !== null && !Number.isNaN(moment.getTime())) return moment.toISOString();
  drift(path, 'wrong_type');
  return null;
};

/** A moment as Omise writes it: whole seconds, rounded up. */
export const toWireTimestamp = (milliseconds: number): string =>
  new Date(Math.ceil(milliseconds / 1000) * 1000).toISOString().replace('.000Z', 'Z');
