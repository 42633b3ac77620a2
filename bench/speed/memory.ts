import type { Canned } from './canned-answers.js';
import type { Figure } from './figures.js';
import { runMemoryProgram } from './programs.js';

/** The first is where the store is full; by the second its tables have grown to the size that they keep. */
const marks = [100_000, 400_000, 1_000_000];
const callsOfSignal = 1_000;
const megabytes = (bytes: number): number => bytes / 1_000_000;

export const measureMemory = async (options: {
  readonly canned: Canned;
  readonly dist: string;
  readonly tell: (progress: string) => void;
}): Promise<Figure[]> => {
  options.tell('a million charges in one process');
  const answer = options.canned.server.answers['POST /v1/payment_intents'];
  if (answer === undefined) throw new Error('there is no answer to a create');
  const { heap, warnings, listenersLeft } = await runMemoryProgram({
    dist: options.dist,
    answer,
    marks,
    callsOfSignal,
  });
  const [early = 0, grown = 0, late = 0] = marks.map((mark) => megabytes(heap[mark] ?? Number.NaN));
  return [
    {
      what: 'heap after collection, from charge 100,000 to charge 1,000,000, default store',
      measured: `${late.toFixed(1)} MB`,
      beside: `${early.toFixed(1)} MB at 100,000`,
      value: late - early,
      shown: `${(late - early).toFixed(2)} MB more`,
      goal: { most: 1 },
      unit: ' MB',
    },
    {
      what: 'heap after collection, from charge 400,000 to charge 1,000,000, default store',
      measured: `${late.toFixed(1)} MB`,
      beside: `${grown.toFixed(1)} MB at 400,000`,
      value: late - grown,
      shown: `${(late - grown).toFixed(2)} MB more`,
      goal: null,
      unit: ' MB',
    },
    {
      what: `one AbortSignal of ${callsOfSignal} calls at once`,
      measured: `${warnings} warnings`,
      beside: '',
      value: warnings + listenersLeft,
      shown: `${listenersLeft} listeners left`,
      goal: { most: 0 },
      unit: ' in all',
    },
  ];
};
