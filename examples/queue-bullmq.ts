/**
 * Charges as jobs of BullMQ: a job may run many times, because its worker died or its answer was lost, and charges once.
 * The rules are in docs/queues.md; the clients need a store that outlives the worker.
 */
import type { Queue } from 'bullmq';
import { UnrecoverableError, Worker, type WorkerOptions } from 'bullmq';
import { ChargesError, type ChargesClient, type CreateParams } from 'unicharge';

/** What a job holds: params alone. The key is the id of the job, and both stay what they are when it runs again. */
export type ChargeJob = CreateParams;
/** What a job leaves behind. */
export interface ChargeJobResult {
  readonly chargeId: string;
  readonly status: string;
}

/** One job for one order, however often this is called: BullMQ keeps the first job of an id. */
export const enqueueCharge = (queue: Queue<ChargeJob, ChargeJobResult>, orderId: string, params: ChargeJob) =>
  queue.add('charge', params, {
    jobId: orderId,
    // Together longer than deadlineMs + 30 s + abandonedMs: until then an open write may have to stay unknown.
    attempts: 200,
    backoff: { type: 'fixed', delay: 10_000 },
  });

/** Whether the same job may still end otherwise: nobody knows yet, or the same call may succeed later, as after a rate limit. */
export const mayStillSucceed = (error: unknown): boolean =>
  !(error instanceof ChargesError) || error.outcome === 'unknown' || error.isRetryable;

export const startChargeWorker = (name: string, charges: ChargesClient, options: WorkerOptions) =>
  new Worker<ChargeJob, ChargeJobResult>(
    name,
    async (job) => {
      if (job.id === undefined) throw new UnrecoverableError('a job without an id has no key');
      try {
        const { id, status } = await charges.create(job.data, { idempotencyKey: job.id });
        return { chargeId: id, status };
      } catch (error) {
        if (mayStillSucceed(error)) throw error;
        // A decline is final for its key: another try is another order of the payer, and another job.
        throw new UnrecoverableError(error instanceof Error ? error.message : 'the charge was rejected');
      }
    },
    // A job whose worker died is "stalled"; more than this often it would be given up unfinished.
    { maxStalledCount: 100, ...options },
  );
