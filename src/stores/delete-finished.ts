import { refuseOptions } from '../options.js';
import { remedyOf } from './failure.js';
import { isObject } from '../models/objects.js';

const owner = 'deleteFinishedOperations';

/** How many finished records one call deletes. */
export const deletionLimit = (limit: unknown = 1_000): number =>
  typeof limit === 'number' && Number.isSafeInteger(limit) && limit > 0
    ? limit
    : refuseOptions(owner, 'limit must be a whole number above 0');

/** Runs a deletion. Where the tables are missing, it says what has to be done first; every other failure of the driver passes through. */
export const deleting = async <Result>(run: () => Promise<Result>): Promise<Result> => {
  try {
    return await run();
  } catch (error) {
    const remedy = isObject(error) ? remedyOf(error) : undefined;
    if (remedy === undefined) throw error;
    return refuseOptions(owner, remedy);
  }
};
