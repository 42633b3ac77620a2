import type { ReportDrift } from '../../provider.js';

/** ISO 8601 with a zone, such as `2025-02-03T10:11:12.131415+08:00`. Without one the moment is not known. */
const zoned = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})$/;

/** A wire moment as ISO 8601 in UTC, or null. Text that is no moment with a zone is drift. */
export const toTimestamp = (
  wire: string | null | undefined,
  path: string,
  drift: ReportDrift,
): string | null => {
  if (wire == null || wire === '') return null;
  const moment = zoned.test(wire) ? new Date(wire) : null;
  if (moment === null || Number.isNaN(moment.getTime())) {
    drift(path, 'wrong_type');
    return null;
  }
  return moment.toISOString();
};
