// Runs the simulation of the router in a copy of the sources, and says what it found first, as JSON.
import { runRouteCampaign } from './campaign.js';

const [operations = '200', seed = '1'] = process.argv.slice(2);
const { failures } = await runRouteCampaign({
  seed: Number(seed),
  operations: Number(operations),
  way: 'router',
  stopAtFirst: true,
});
console.log(JSON.stringify(failures[0]?.violations[0] ?? null));
