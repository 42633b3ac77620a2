import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { apiPage } from './api.js';
import { capabilityTable, providerSettingsTable } from './capabilities.js';
import { declineCodesPage } from './decline-codes.js';
import { readEntries } from './exports.js';
import { faultsPicture } from './faults-picture.js';
import { optionsTable, settingsTable } from './fields.js';
import { fillSection } from './markdown.js';
import {
  magpiePayerActions,
  omisePayerActions,
  pinPayerActions,
  stripePayerActions,
} from './payer-actions.js';
import { snippetsFile } from './snippets.js';
import { statusTablesPage } from './status-tables.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Sections that are generated, by their file and the name in their markers. */
const sections: Readonly<Record<string, Readonly<Record<string, () => string>>>> = {
  'docs/client.md': { settings: settingsTable, options: optionsTable },
  'docs/providers/README.md': {
    capabilities: capabilityTable,
    'provider settings': providerSettingsTable,
  },
  'docs/providers/magpie.md': { 'what the payer gets': magpiePayerActions },
  'docs/providers/pin.md': { 'what the payer gets': pinPayerActions },
  'docs/providers/omise.md': { 'what the payer gets': omisePayerActions },
  'docs/providers/stripe.md': { 'what the payer gets': stripePayerActions },
};

/** A page of our own hand with its generated sections filled. */
const filledPage = (file: string): string =>
  Object.entries(sections[file] ?? {}).reduce(
    (page, [name, make]) => fillSection(page, name, make()),
    readFileSync(`${root}${file}`, 'utf8'),
  );

/** Every generated file, named from the root, with the text that it should have now. */
export const generatedPages = async (): Promise<ReadonlyMap<string, string>> =>
  new Map([
    ...Object.keys(sections).map((file) => [file, filledPage(file)] as const),
    ['docs/api.md', apiPage(readEntries())],
    ['docs/decline-codes.md', declineCodesPage()],
    ['docs/status-tables.md', statusTablesPage()],
    ['docs/faults.svg', faultsPicture(readFileSync(`${root}docs/money-safety.md`, 'utf8'))],
    ['test/docs/snippets.ts', await snippetsFile()],
  ]);
