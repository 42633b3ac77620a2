import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { CardError, IntegrityError } from '../../errors.js';
import { isPaid } from '../../models/charge.js';
import { adviceValues, declineCodes } from '../../models/decline.js';
import { rejection, rejectionOf, returnUrl, type Bench, type ConformanceCase } from './bench.js';

/** The payer's way through 3-D Secure, up to where the payer comes back. */
const challenge = async (bench: Bench, decision: 'approve' | 'decline') => {
  const { options } = bench;
  const source = options.sources.requires3DS?.(returnUrl);
  const charge = await bench.create({ returnUrl, source });
  strictEqual(charge.status, 'requires_action');
  strictEqual(charge.nextAction?.type, 'redirect', 'a payer who has to act needs an address');
  strictEqual(charge.amountCaptured, 0);
  strictEqual(isPaid(charge), false);
  const url = charge.nextAction.url;
  const returnedTo = (await options.payer?.[decision](url)) ?? '';
  const params = options.verification?.(returnedTo, charge) ?? { chargeId: charge.id };
  return { charge, params };
};

const with3DS = ({ options }: Pick<Bench, 'options'>): boolean =>
  options.payer !== undefined && options.sources.requires3DS !== undefined;
/** What becomes of a payer who has to act. */
export const threeDSecure: readonly ConformanceCase[] = [
  {
    name: 'a challenged payer who approves has paid once verify3DS says so',
    lookAt: "'nextAction' and the table of statuses in 'read' of the charge, and the row 'verify3DS'",
    needs: ['create', 'verify3DS', 'retrieve'],
    applies: with3DS,
    run: async (bench) => {
      const { charge, params } = await challenge(bench, 'approve');
      const expected = { chargeId: charge.id, amount: charge.amount, currency: charge.currency };
      const verified = await bench.client.verify3DS({ ...params, expected });
      deepStrictEqual([verified.id, verified.status], [charge.id, 'captured']);
      strictEqual(verified.amountCaptured, charge.amount);
      bench.agreesWithLedger(await bench.client.retrieve(charge.id));
    },
  },
  {
    name: 'a challenged payer who declines rejects verify3DS with CardError',
    lookAt: "the row 'verify3DS', and 'failed' of makeCharge in 'read' of the charge",
    needs: ['create', 'verify3DS'],
    applies: with3DS,
    run: async (bench) => {
      const { charge, params } = await challenge(bench, 'decline');
      const error = await rejectionOf(() => bench.client.verify3DS(params), CardError);
      ok(declineCodes.includes(error.declineCode) && adviceValues.includes(error.advice));
      strictEqual(bench.truthOf(charge.id)?.amountCaptured, bench.options.ledger && 0);
    },
  },
  {
    name: 'verify3DS compares the charge with what the order expects',
    lookAt: "the row 'verify3DS': 'id', 'amount' and 'currency' come from the answer",
    needs: ['create', 'verify3DS'],
    applies: with3DS,
    run: async (bench) => {
      const { charge, params } = await challenge(bench, 'approve');
      const expected = { chargeId: charge.id, amount: charge.amount + 1, currency: charge.currency };
      await rejection(() => bench.client.verify3DS({ ...params, expected }), IntegrityError);
    },
  },
];
