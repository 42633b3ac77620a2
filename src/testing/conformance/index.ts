import type { Operation } from '../../charges-client.js';
import { answeringAtOnce, WrongOption } from './answers-at-once.js';
import { openBench, type ConformanceCase, type Facts } from './bench.js';
import { capabilities } from './capabilities.js';
import { checkClient, checkKitOptions, checkTest } from './check-options.js';
import { crossedAnswers } from './crossed-answers.js';
import { errors } from './errors.js';
import { explained } from './explained.js';
import { idempotency } from './idempotency.js';
import { lifecycle } from './lifecycle.js';
import { money } from './money.js';
import type { ConformanceOptions, RegisterTest } from './options.js';
import { lostAnswers } from './lost-answers.js';
import { pagination } from './pagination.js';
import { refunds } from './refunds.js';
import { reusedKeys } from './reused-keys.js';
import { secrecy } from './secrecy.js';
import { surplusArguments } from './surplus-arguments.js';
import { threeDSecure } from './three-d-secure.js';
import { unheardWords } from './unheard-words.js';
import { webhooks } from './webhooks.js';

export type {
  ConformanceDelivery,
  ConformanceLedgerCharge,
  ConformanceOptions,
  ConformanceOverrides,
  ConformancePayer,
  ConformanceSources,
  ConformanceWebhooks,
  RegisterTest,
} from './options.js';

const groups: Readonly<Record<string, readonly ConformanceCase[]>> = {
  lifecycle: [...lifecycle, ...refunds, ...threeDSecure],
  capabilities,
  money,
  errors: [...errors, ...unheardWords, ...crossedAnswers],
  idempotency: [...idempotency, ...lostAnswers, ...reusedKeys, ...surplusArguments],
  pagination,
  secrecy,
  webhooks,
};

/**
 * Registers the conformance tests of a client with the caller's own `test`. Which ones apply is decided by
 * `client.supports` and `client.capabilities`, and by what the options offer: with `faults` the money-safety tests run, with
 * `ledger` every result is compared with the truth, with `payer` 3-D Secure is gone through, with `webhooks` forged
 * deliveries are tried.
 *
 * @example
 * import { test } from 'vitest';
 *
 * testChargesClient(test, {
 *   createClient: (overrides) => createAcme({ secretKey: 'sk_test_1', baseUrl: server.url, ...overrides }),
 *   sources: { approved: () => 'tok_approved', declined: () => 'tok_declined' },
 *   currency: 'EUR',
 * });
 */
export const testChargesClient = (test: RegisterTest, options: ConformanceOptions): void => {
  checkTest('testChargesClient', test);
  checkKitOptions(options);
  const client = checkClient(options.createClient());
  const checked = answeringAtOnce(options);
  const facts: Facts = {
    options: checked,
    capabilities: client.capabilities,
    supports: (...operations: Operation[]) => operations.every((operation) => client.supports(operation)),
  };
  for (const [group, cases] of Object.entries(groups)) {
    for (const each of cases) {
      if (!facts.supports(...each.needs) || each.applies?.(facts) === false) continue;
      test(`${group}: ${each.name}`, async () => {
        options.faults?.clear?.();
        try {
          await each.run(openBench(checked, facts));
        } catch (error) {
          throw error instanceof WrongOption ? error : explained(error, each.lookAt);
        } finally {
          options.faults?.clear?.();
        }
      });
    }
  }
};
