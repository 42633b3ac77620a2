import type { Caller } from './effects.js';

/** What a merchant's process could not know, as the world saw it: only this excuses what it told. */
export interface Knowledge {
  /** A write of this key was answered. */
  writeAnswered(cause: Caller): void;
  /** A page of the list of charges did not come as the provider gave it. */
  lookHindered(cause: Caller): void;
  /** A process heard of a stamp that did not arrive. */
  sawStampLost(process: string, at: number): void;
  /** A process was given the answer that was made for another write. */
  answerCrossed(cause: Caller): void;
  /** The store failed before anything of this call was recorded. */
  beginFailed(cause: Caller, at: number): void;
  /** The store let a process go that sent nothing: it took the record back, or said that another key holds the charge. */
  letGo(cause: Caller, at: number): void;
  /** Whether a look that came right after the answer to a write of this key met a fault. */
  wasHindered(key: string): boolean;
  wasCrossed(key: string): boolean;
  knewStampLost(process: string, at: number): boolean;
  /** When a process was let go last, during a call. */
  letGoAt(cause: Caller, from: number, until: number): number | null;
  didBeginFail(cause: Caller, from: number, until: number): boolean;
}

export const createKnowledge = (): Knowledge => {
  const answered = new Set<string>();
  const hindered = new Set<string>();
  const crossed = new Set<string>();
  const losses = new Map<string, number>();
  const ends: (Caller & { readonly at: number })[] = [];
  const failures: (Caller & { readonly at: number })[] = [];
  const nameOf = ({ key, process }: Caller): string => `${process} ${key}`;
  return {
    writeAnswered: (cause) => answered.add(nameOf(cause)),
    lookHindered: (cause) => {
      if (answered.has(nameOf(cause))) hindered.add(cause.key);
    },
    answerCrossed: ({ key }) => crossed.add(key),
    wasCrossed: (key) => crossed.has(key),
    sawStampLost: (process, at) => {
      if (!losses.has(process)) losses.set(process, at);
    },
    beginFailed: (cause, at) => failures.push({ ...cause, at }),
    letGo: (cause, at) => ends.push({ ...cause, at }),
    letGoAt: ({ key, process }, from, until) =>
      ends.findLast(
        (each) => each.key === key && each.process === process && each.at >= from && each.at <= until,
      )?.at ?? null,
    wasHindered: (key) => hindered.has(key),
    knewStampLost: (process, at) => (losses.get(process) ?? Infinity) <= at,
    didBeginFail: ({ key, process }, from, until) =>
      failures.some(
        (each) => each.key === key && each.process === process && each.at >= from && each.at <= until,
      ),
  };
};
