import { CardError, isPaid, type Charge, type ChargesClient } from 'unicharge';
import { createStripe } from 'unicharge/stripe';
import { startSimulator } from 'unicharge/testing';

const loadedAxios = () =>
  Object.keys(require.cache).some((file) => /[\\/]node_modules[\\/]axios[\\/]/.test(file));

const main = async (): Promise<void> => {
  const simulator = await startSimulator();
  try {
    const charges = createStripe(simulator.settings('stripe'));
    const general: ChargesClient = charges;

    const charge: Charge = await general.create({
      amount: 4590,
      currency: 'EUR',
      source: simulator.source('stripe', 'approved'),
    });
    const declined: unknown = await charges
      .create({ amount: 1000, currency: 'EUR', source: simulator.source('stripe', 'declined') })
      .catch((error: unknown) => error);

    console.log(
      JSON.stringify({
        amount: charge.amount,
        currency: charge.currency,
        isPaid: isPaid(charge),
        isCardError: declined instanceof CardError,
        taken: simulator.ledger.charges().reduce((sum, each) => sum + each.amountCaptured, 0),
        axiosLoaded: loadedAxios(),
      }),
    );
  } finally {
    await simulator.close();
  }
};

void main();
