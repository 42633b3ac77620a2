import type { Goal } from './calls.js';

/** One line of the second table: what is measured once, or in fresh processes, and not call by call. */
export interface Figure {
  readonly what: string;
  /** What was measured, as it is read. */
  readonly measured: string;
  /** What it stands beside, or nothing. */
  readonly beside: string;
  /** What the goal is about: a ratio, kilobytes, megabytes. */
  readonly value: number;
  readonly shown: string;
  readonly goal: Goal | null;
  /** Of value and goal; nothing where they are ratios. */
  readonly unit: string;
}
