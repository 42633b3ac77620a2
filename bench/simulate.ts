import { parseArgs } from 'node:util';
import { faces, type SimulatedProvider } from '../src/testing/simulator/faces.js';
import { newResult, runCampaign, runWorld } from './simulate/campaign.js';
import { plants } from './simulate/plants.js';

const { values } = parseArgs({
  options: {
    operations: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    provider: { type: 'string', multiple: true },
    plant: { type: 'string' },
    replay: { type: 'string' },
  },
});
const providers = (values.provider ?? Object.keys(faces)) as SimulatedProvider[];
const plant = plants.find(({ name }) => name === values.plant) ?? null;

const result =
  values.replay === undefined
    ? await runCampaign({
        seed: Number(values.seed),
        operations: Number(values.operations),
        providers,
        plant,
        stopAtFirst: false,
      })
    : newResult();
if (values.replay !== undefined) await runWorld(Number(values.replay), { providers, plant }, 20, result);

for (const failure of result.failures.slice(0, 3)) {
  console.log(`seed ${failure.seed} (${failure.provider}): ${failure.violations.join('; ')}`);
  for (const line of failure.history) console.log(`  ${line}`);
}
console.log(
  result.operations,
  'operations',
  result.calls,
  'calls',
  result.reconciled,
  'reconciled',
  result.duplicatesDetected,
  'duplicates',
  result.failures.length,
  'violating worlds',
);
console.log([...result.byProvider].map(([name, tally]) => `${name} ${JSON.stringify(tally)}`).join('\n'));
