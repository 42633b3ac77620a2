import { CardError, type Advice } from 'unicharge';
import { createOmise } from 'unicharge/omise';
import { startSimulator } from 'unicharge/testing';

const simulator = await startSimulator();
const charges = createOmise(simulator.settings('omise'));

const nextStep: Record<Advice, string> = {
  retry_later: 'keep the order open, try again in some hours with a new idempotency key',
  fix_details: 'ask the payer to check what they typed',
  use_other_card: 'ask for another card',
  do_not_retry: 'stop: never send this card again',
  contact_support: 'alert ourselves: the payer can do nothing',
};

for (const kind of ['insufficient_funds', 'declined'] as const) {
  try {
    await charges.create({ amount: 45900, currency: 'THB', source: simulator.source('omise', kind) });
  } catch (error) {
    // Omise answers 200 with a failed charge, others 400 or 402: a decline is a CardError everywhere.
    if (!(error instanceof CardError)) throw error;
    console.log(error.declineCode, '->', nextStep[error.advice]);
  }
}

await simulator.close();
