import { runCases, type Job } from './cases.js';

// One bundle for Node, Bun and Deno: the job comes as JSON, the results go out as the last line.
console.log(JSON.stringify(await runCases(JSON.parse(process.env['UNICHARGE_JOB'] ?? '') as Job)));
process.exit(0);
