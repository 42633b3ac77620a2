/**
 * How many planted faults the conformance kit finds. Exits with 1 below 95 %, or when it finds one where there is none.
 *
 *   npm run test:kit-mutants
 */
import { measureKit } from './kit-mutants/measure.js';

const threshold = 0.95;
const { sound, verdicts } = await measureKit();

for (const { name, cases, failures } of sound) {
  console.log(`${name}, without a fault: ${cases} cases, ${failures.length} failures`);
  for (const failure of failures) console.log(`  ${failure.name}: ${failure.message}`);
}
const found = verdicts.filter(({ killedBy }) => killedBy !== null);
for (const { subject, name, killedBy } of found)
  console.log(`found     ${subject}: ${name} (${killedBy?.name ?? ''})`);
for (const { subject, name } of verdicts.filter(({ killedBy }) => killedBy === null))
  console.log(`SURVIVED  ${subject}: ${name}`);
const score = found.length / verdicts.length;
console.log(`${found.length} of ${verdicts.length} planted faults found: ${(score * 100).toFixed(1)} %`);
if (score < threshold || sound.some(({ failures }) => failures.length > 0)) process.exitCode = 1;
