import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createPin } from '../src/providers/pin/index.js';
import { createStripe } from '../src/providers/stripe/index.js';
import { startSimulator } from '../src/testing/index.js';
import { crossedBy, type Crossed } from './house/crossed.js';
import { castsIn, codeLines, sourcesIn, sum } from './house/sources.js';

const help = `npm run house -- [options]

What the sources cost their readers: lines of code by provider, casts, what one call goes through, and what the types of the
package cost the compiler of a user (with a build: npm run build).

  --json   as one line of JSON
`;

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});

const root = fileURLToPath(new URL('..', import.meta.url));
const src = join(root, 'src/');

const folderSize = (folder: string) => {
  const files = sourcesIn(join(src, folder));
  return { files: files.length, code: sum(files.map(codeLines)), casts: sum(files.map(castsIn)) };
};

/** A happy `create` with a key of the caller's, recorded, where nothing is looked for first. */
const crossedByCreate = async (): Promise<Record<string, Crossed>> => {
  const simulator = await startSimulator({ providers: ['pin', 'stripe'], seed: 1 });
  try {
    const pin = createPin({ ...simulator.settings('pin'), lookupFirst: false });
    const stripe = createStripe({ ...simulator.settings('stripe'), lookupFirst: false });
    let order = 0;
    const key = () => ({ idempotencyKey: `order-${(order += 1)}` });
    const fromPin = () =>
      pin.create(
        {
          amount: 4590,
          currency: 'AUD',
          source: simulator.source('pin', 'approved'),
          email: 'payer@shop.example',
          description: 'Order 81',
          ip: '198.51.100.7',
        },
        key(),
      );
    const fromStripe = () =>
      stripe.create({ amount: 4590, currency: 'EUR', source: simulator.source('stripe', 'approved') }, key());
    const { id } = await fromPin();
    return {
      'pin create': await crossedBy(src, fromPin),
      'pin retrieve': await crossedBy(src, () => pin.retrieve(id)),
      'stripe create': await crossedBy(src, fromStripe),
    };
  } finally {
    await simulator.close();
  }
};

/** Type instantiations of a user's file, the declarations that it reaches included. */
const instantiationsOf = (program: string): number => {
  const folder = mkdtempSync(join(tmpdir(), 'unicharge-house-'));
  try {
    const modules = join(folder, 'node_modules');
    mkdirSync(modules);
    symlinkSync(root, join(modules, 'unicharge'));
    for (const name of ['@types', 'zod', 'axios'])
      symlinkSync(join(root, 'node_modules', name), join(modules, name));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    const compilerOptions = {
      strict: true,
      module: 'nodenext',
      target: 'es2022',
      noEmit: true,
      types: ['node'],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['shop.ts'] }));
    writeFileSync(join(folder, 'shop.ts'), program);
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const told = execFileSync(process.execPath, [tsc, '-p', folder, '--extendedDiagnostics'], {
      encoding: 'utf8',
    });
    return Number(/Instantiations:\s+(\d+)/.exec(told)?.[1]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const oneClient = `import { createStripe } from 'unicharge/stripe';
export const charge = await createStripe().retrieve('1');
`;
/** What every program with zod pays, whatever of it stands in our declarations. */
const zodAlone = `import * as z from 'zod';
export const schema = z.object({ id: z.string() });
`;

const declarationBytes = (): number =>
  sum(
    readdirSync(join(root, 'dist'))
      .filter((name) => name.endsWith('.d.ts'))
      .map((name) => statSync(join(root, 'dist', name)).size),
  );

const measure = async () => {
  const own = sourcesIn(src).filter((file) => !file.startsWith(join(src, 'testing/')));
  const isBuilt = existsSync(join(root, 'dist/index.d.ts'));
  return {
    providers: Object.fromEntries(
      readdirSync(join(src, 'providers')).map((name) => [name, folderSize(join('providers', name))]),
    ),
    // Beside it stand its server and its test, which are no part of an adapter.
    example: codeLines(join(root, 'examples/custom-provider.ts')),
    casts: sum(own.map(castsIn)),
    crossed: await crossedByCreate(),
    declarations: isBuilt ? declarationBytes() : null,
    instantiations: isBuilt ? instantiationsOf(oneClient) : null,
    instantiationsOfZod: instantiationsOf(zodAlone),
  };
};

const show = (measured: Awaited<ReturnType<typeof measure>>): void => {
  console.log('| | now | goal |\n|---|---:|---:|');
  for (const [name, { files, code, casts }] of Object.entries(measured.providers)) {
    const goal = name === 'stripe' ? '1,500' : '700';
    console.log(`| code of ${name} (files, casts) | ${code} (${files}, ${casts}) | ${goal} |`);
  }
  console.log(`| code of the example provider | ${measured.example} | 200 |`);
  console.log(`| casts in src, without testing | ${measured.casts} | 15 |`);
  for (const [call, { files, functions, entries }] of Object.entries(measured.crossed))
    console.log(`| ${call}: files, functions (entries) | ${files}, ${functions} (${entries}) | 20, 120 |`);
  const told = (value: number | null): string => (value === null ? 'npm run build first' : String(value));
  console.log(`| bytes of dist/*.d.ts | ${told(measured.declarations)} | 250000 |`);
  console.log(`| type instantiations of one client | ${told(measured.instantiations)} | 120000 |`);
  console.log(`| type instantiations of zod alone | ${measured.instantiationsOfZod} | |`);
};

if (values.help) console.log(help);
else {
  const measured = await measure();
  if (values.json) console.log(JSON.stringify(measured));
  else show(measured);
}
