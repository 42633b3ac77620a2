import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { loadPackage } from '../../src/cli/project.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'unicharge-config-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('tsx in the project of a merchant', () => {
  it('reads a config in TypeScript, also on a Node that reads none', async () => {
    const file = join(folder, 'unicharge.config.ts');
    writeFileSync(file, 'export const clients: readonly string[] = ["one"];\n');
    const tsx = await loadPackage(root, 'tsx/esm/api');
    const tsImport = tsx?.['tsImport'] as (address: string, parent: string) => Promise<{ clients?: unknown }>;
    const address = pathToFileURL(file).href;
    expect((await tsImport(address, address)).clients).toEqual(['one']);
  });
});
