import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { apiPage } from './api.js';
import { capabilityTable, providerSettingsTable } from './capabilities.js';
import { declineCodesPage } from './decline-codes.js';
import { readEntries } from './exports.js';
import { optionsTable, settingsTable } from './fields.js';
import { fillSection } from './markdown.js';
import { snippetsFile } from './snippets.js';
import { statusTablesPage } from './status-tables.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Sections of the README that are generated, by the name in their markers. */
const sections: Readonly<Record<string, () => string>> = {
  capabilities: capabilityTable,
  settings: settingsTable,
  'provider settings': providerSettingsTable,
  options: optionsTable,
};

/** Every generated file, named from the root, with the text that it should have now. */
export const generatedPages = async (): Promise<ReadonlyMap<string, string>> => {
  let readme = readFileSync(`${root}README.md`, 'utf8');
  for (const [name, make] of Object.entries(sections)) readme = fillSection(readme, name, make());
  return new Map([
    ['README.md', readme],
    ['docs/api.md', apiPage(readEntries())],
    ['docs/decline-codes.md', declineCodesPage()],
    ['docs/status-tables.md', statusTablesPage()],
    ['test/docs/snippets.ts', await snippetsFile()],
  ]);
};
