import type { JobClient, WriteOrder, WriteReport } from '../messages.js';

/** What a failed call means to a job: whether calling again makes sense. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly status: number | null;
}

/** Statuses after which every job tries again. */
const isTemporary = (status: number): boolean => status >= 500 || [408, 409, 425, 429].includes(status);

const patienceMs = 5_000;

class OutOfPatience extends Error {
  override readonly name = 'OutOfPatience';
}

/** Some SDKs never settle when an answer breaks off: a job has its own limit. */
const impatient = <Value>(work: Promise<Value>): Promise<Value> => {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new OutOfPatience(`no result within ${patienceMs} ms`));
    }, patienceMs);
  });
  return Promise.race([work, limit]).finally(() => {
    clearTimeout(timer);
  });
};

/** A client that cannot say what became of a call: all that its job knows is whether it resolved. */
export const jobWithoutLookup = (
  send: (order: WriteOrder) => Promise<{ readonly id: string }>,
  explain: (error: unknown) => Failure,
): JobClient => ({
  write: async (order): Promise<WriteReport> => {
    try {
      return { done: true, id: (await impatient(send(order))).id, made: null };
    } catch (error) {
      const { name, message, status } = explain(error);
      const definite = status !== null && status >= 400 && !isTemporary(status);
      return {
        done: false,
        name,
        message: `${status ?? ''} ${message}`,
        definite,
        outcome: null,
        error: null,
      };
    }
  },
  reconcile: () => Promise.reject(new Error('this client has no look back')),
  pending: () => Promise.reject(new Error('this client has no look back')),
});

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
