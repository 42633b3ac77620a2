import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { programs, runIn, type Program } from './runtimes/programs.js';
import { describeMatrix, type Row } from './runtimes/table.js';
import { flawOf } from './runtimes/verdict.js';

const help = `npm run runtimes -- [options]

One write that loses its answer, waits for it too long, meets a reset on a used connection, or is refused: at a provider with
keys and at one without, on every platform, against a simulator in a process of its own. Platforms come from npm.

  --only NAME     only this platform; may be given several times (${programs.map(({ name }) => name).join(', ')})
  --cache FOLDER  where the platforms are kept (default: a folder beside other temporary files)
  --write         puts the table into docs/money-safety.md
  --verbose       prints every result
`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    cache: { type: 'string', default: join(tmpdir(), 'unicharge-runtimes') },
    write: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const root = fileURLToPath(new URL('..', import.meta.url));

const startSimulator = async (): Promise<{ readonly control: string; stop(): void }> => {
  const words = ['--import', 'tsx', join(root, 'src/cli/main.ts'), 'simulator', '--port', '0'];
  const child = spawn(process.execPath, words, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const control = await new Promise<string>((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (bytes: Buffer) => {
      output += bytes.toString();
      const found = /^Ledger: (http:\S+)\/ledger$/m.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.on('error', reject);
    child.on('exit', () => {
      reject(new Error(`the simulator ended: ${output}`));
    });
  });
  return { control, stop: () => child.kill() };
};

const closedAddress = async (): Promise<string> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
};

const measure = async (program: Program): Promise<Row> => {
  const simulator = await startSimulator();
  try {
    const job = { control: simulator.control, closed: await closedAddress(), timeoutMs: 500 };
    return { name: program.name, results: await runIn(program, job, values.cache) };
  } finally {
    simulator.stop();
  }
};

const begin = '<!-- runtimes: begin -->';
const end = '<!-- runtimes: end -->';

const writeInto = async (page: string, table: string): Promise<void> => {
  const text = await readFile(page, 'utf8');
  const [head, rest] = text.split(begin);
  const tail = rest?.split(end)[1];
  if (head === undefined || tail === undefined) throw new Error(`${page} has no place for the table`);
  await writeFile(page, `${head}${begin}\n\n${table}\n${end}${tail}`);
};

const main = async (): Promise<number> => {
  mkdirSync(values.cache, { recursive: true });
  const chosen = programs.filter(({ name }) => values.only === undefined || values.only.includes(name));
  const rows: Row[] = [];
  let flaws = 0;
  for (const program of chosen) {
    const row = await measure(program);
    rows.push(row);
    for (const result of row.results) {
      const flaw = flawOf(result);
      if (flaw !== null) flaws += 1;
      if (flaw !== null || values.verbose) console.log(program.name, flaw ?? 'right', JSON.stringify(result));
    }
  }
  const table = describeMatrix(rows);
  console.log(table);
  if (values.write) await writeInto(join(root, 'docs/money-safety.md'), table);
  return flaws === 0 ? 0 : 1;
};

if (values.help) console.log(help);
else process.exitCode = await main();
