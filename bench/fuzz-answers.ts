import { parseArgs } from 'node:util';
import { fuzzAnswers } from './fuzz-answers/fuzz.js';
import { fuzzedProviders } from './fuzz-answers/scene.js';

/**
 * Reads whole answers in which one random place is broken: deleted, null, of another type, another word or a huge number. No list
 * may become unreadable, no sum lower, and no status another without a word.
 * Usage: npm run fuzz:answers -- [--trials 20000] [--seed 1] [--provider omise]
 */

const { values } = parseArgs({
  options: { trials: { type: 'string' }, seed: { type: 'string' }, provider: { type: 'string' } },
});
const trials = Number(values.trials ?? 20_000);
const seed = Number(values.seed ?? 1);
let found = 0;
for (const provider of fuzzedProviders) {
  if (values.provider !== undefined && values.provider !== provider) continue;
  const faults = await fuzzAnswers(provider, { trials, seed });
  found += faults.length;
  for (const fault of new Set(faults)) console.log(fault);
  console.log(`${provider}: ${trials} broken answers, ${faults.length} read wrongly (seed ${seed})`);
}
process.exitCode = found === 0 ? 0 : 1;
