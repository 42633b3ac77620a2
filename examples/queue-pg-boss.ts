/**
 * Charges as jobs of pg-boss: a job may run many times, because its worker died or its answer was lost, and charges once.
 * The rules are in docs/queues.md; the clients need a store that outlives the worker.
 */
import type PgBoss from 'pg-boss';
import { ChargesError, type ChargesClient, type CreateParams } from 'unicharge';

/** What a job holds: params alone. The key is the id of the job, and both stay what they are when it runs again. */
export type ChargeJob = CreateParams;
/** What a job leaves behind as its output. */
export type ChargeJobResult =
  | { readonly chargeId: string; readonly status: string }
  | { readonly rejected: string; readonly message: string };

/** One job for one order, however often this is called: a second job of an id is not made. The id has to be a UUID. */
export const enqueueCharge = (
  boss: PgBoss,
  name: string,
  orderId: string,
  params: ChargeJob,
  options: PgBoss.SendOptions = {},
) =>
  boss.send(name, params, {
    id: orderId,
    // Together longer than deadlineMs + 30 s + abandonedMs: until then an open write may have to stay unknown.
    retryLimit: 200,
    retryDelay: 10,
    // Longer than deadlineMs: until then the job belongs to its worker, also where that one died.
    expireInSeconds: 150,
    ...options,
  });

/** Whether the same job may still end otherwise: nobody knows yet, or the same call may succeed later, as after a rate limit. */
export const mayStillSucceed = (error: unknown): boolean =>
  !(error instanceof ChargesError) || error.outcome === 'unknown' || error.isRetryable;

/** Takes one job at a time: jobs of a batch would fail together. Call it several times to work in parallel. */
export const startChargeWorker = (
  boss: PgBoss,
  name: string,
  charges: ChargesClient,
  options: PgBoss.WorkOptions = {},
) =>
  boss.work<ChargeJob>(name, { ...options, batchSize: 1 }, async (jobs): Promise<ChargeJobResult | null> => {
    const [job] = jobs;
    if (job === undefined) return null;
    try {
      const { id, status } = await charges.create(job.data, { idempotencyKey: job.id });
      return { chargeId: id, status };
    } catch (error) {
      if (mayStillSucceed(error)) throw error;
      // pg-boss runs every job that throws again. A decline is final for its key, so the job is done, and says why.
      const { code, message } = error as ChargesError;
      return { rejected: code, message };
    }
  });
