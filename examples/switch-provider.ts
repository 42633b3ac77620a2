import type { ChargesClient, PaymentSource } from 'unicharge';
import { startSimulator, type SimulatedProvider } from 'unicharge/testing';

const simulator = await startSimulator();
const { settings } = simulator;

// One place that knows which provider is configured, and loads only that one.
const clients: Record<SimulatedProvider, () => Promise<ChargesClient>> = {
  stripe: async () => (await import('unicharge/stripe')).createStripe(settings('stripe')),
  omise: async () => (await import('unicharge/omise')).createOmise(settings('omise')),
  magpie: async () => (await import('unicharge/magpie')).createMagpie(settings('magpie')),
  justifi: async () => (await import('unicharge/justifi')).createJustifi(settings('justifi')),
  pin: async () => (await import('unicharge/pin')).createPin(settings('pin')),
  paymongo: async () => (await import('unicharge/paymongo')).createPaymongo(settings('paymongo')),
};

// The rest of the shop is written once. What a provider has no use for, it leaves out.
const buy = async (charges: ChargesClient, source: PaymentSource, currency: string): Promise<void> => {
  const charge = await charges.create({
    amount: 4590,
    currency,
    source,
    capture: false,
    description: 'Order 81',
    statementDescriptor: 'TINDAHAN',
    email: 'kim@shop.example',
    ip: '198.51.100.7',
  });
  const partial = charges.capabilities.capture.partial === true;
  const captured = await charges.capture(charge.id, partial ? { amount: 4000 } : {});
  console.log(charges.provider, captured.status, captured.amountCaptured, captured.currency);
};

const currencies: Record<string, string> = { stripe: 'EUR', omise: 'THB', justifi: 'USD', pin: 'AUD' };
for (const name of simulator.providers) {
  await buy(await clients[name](), simulator.source(name, 'approved'), currencies[name] ?? 'PHP');
}

await simulator.close();
