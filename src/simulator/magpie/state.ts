import type { FaceContext } from '../face.js';
import type { MagpieCharge } from './charge.js';
import type { MagpieSource } from './sources.js';
import type { MagpieSwitches } from './switches.js';

/** Everything that one simulated account holds. */
export interface MagpieState {
  readonly context: FaceContext;
  readonly switches: MagpieSwitches;
  readonly sources: Map<string, MagpieSource>;
  readonly charges: Map<string, MagpieCharge>;
  /** The charges in order of creation, for the list. */
  readonly ordered: MagpieCharge[];
}

/** An account without anything in it. */
export const createState = (context: FaceContext, switches: MagpieSwitches): MagpieState => ({
  context,
  switches,
  sources: new Map(),
  charges: new Map(),
  ordered: [],
});

const manila = 8 * 3_600_000;

/** A time as this API writes it: Manila time with microseconds and offset. */
export const timestamp = (time: number): string =>
  `${new Date(time + manila).toISOString().slice(0, 23)}000+08:00`;
