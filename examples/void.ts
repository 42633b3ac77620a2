import { ConflictError } from 'unicharge';
import { createOmise } from 'unicharge/omise';
import { startSimulator } from 'unicharge/testing';

const simulator = await startSimulator();
const charges = createOmise(simulator.settings('omise'));
const create = (capture: boolean) =>
  charges.create({ amount: 45900, currency: 'THB', source: simulator.source('omise', 'approved'), capture });

// An authorization that is not needed any more is released. Omise says reverse: charges.reverse(id) is the same.
const authorized = await create(false);
const voided = await charges.void(authorized.id);
console.log(voided.status, voided.amountRefunded);

// Money that was taken is never "voided" behind your back into a refund: say refund if you mean it.
const captured = await create(true);
try {
  await charges.void(captured.id);
} catch (error) {
  if (!(error instanceof ConflictError)) throw error;
  console.log(error.name, error.outcome);
}

await simulator.close();
