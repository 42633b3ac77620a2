import { Session } from 'node:inspector/promises';
import { fileURLToPath } from 'node:url';

/** What one call of a client goes through in `src`, without the simulator. */
export interface Crossed {
  readonly files: number;
  /** Functions that ran, each counted once. */
  readonly functions: number;
  /** How often functions were entered. */
  readonly entries: number;
}

/** V8 counts every function that runs while `call` does. The first calls load and warm what later ones find ready. */
export const crossedBy = async (sources: string, call: () => Promise<unknown>): Promise<Crossed> => {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
    for (let warm = 0; warm < 3; warm += 1) await call();
    await session.post('Profiler.takePreciseCoverage');
    await call();
    const { result } = await session.post('Profiler.takePreciseCoverage');
    const own = result
      .filter(({ url }) => url.startsWith('file:'))
      .map(({ url, functions }) => ({ file: fileURLToPath(url.replace(/\?.*$/, '')), functions }))
      .filter(({ file }) => file.startsWith(sources) && !file.startsWith(`${sources}testing/`));
    const entered = own.map(({ file, functions }) => ({
      file,
      counts: functions.map(({ ranges }) => ranges[0]?.count ?? 0).filter((count) => count > 0),
    }));
    const crossed = entered.filter(({ counts }) => counts.length > 0);
    const counts = crossed.flatMap((each) => each.counts);
    return {
      files: new Set(crossed.map(({ file }) => file)).size,
      functions: counts.length,
      entries: counts.reduce((total, count) => total + count, 0),
    };
  } finally {
    session.disconnect();
  }
};
