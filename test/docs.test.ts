import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { readEntries } from '../.ci/docs/exports.js';
import { generatedPages } from '../.ci/docs/pages.js';
import { codeBlocks, documentationPages } from '../.ci/docs/snippets.js';
import packageJson from '../package.json' with { type: 'json' };
import * as errors from '../src/errors.js';
import { knownChargeSchema } from '../src/models/charge.js';
import { exists, filesIn, nodesOf, textOf } from './source-tree.js';

const entries = readEntries();
const pages = documentationPages();
const readme = textOf('README.md');

/** Words that stand in a page as code: `name`, `.name(…)`, 'name'. */
const missingIn = (page: string, words: readonly string[]): readonly string[] => {
  const known = new Set(page.match(/\w+/g));
  return words.filter((word) => !known.has(word));
};

/** The texts of a union of texts, such as `type Word = 'a' | 'b'`. */
const wordsOfType = (file: string, name: string): string[] => {
  const isAlias = (node: ts.Node): node is ts.TypeAliasDeclaration =>
    ts.isTypeAliasDeclaration(node) && node.name.text === name;
  const words: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal)) words.push(node.literal.text);
    ts.forEachChild(node, visit);
  };
  nodesOf(file, isAlias).forEach(visit);
  expect(words.length, `${name} in ${file}`).toBeGreaterThan(1);
  return words;
};

/** The names of an interface's members. */
const membersOf = (file: string, name: string): string[] =>
  nodesOf(
    file,
    (node): node is ts.InterfaceDeclaration => ts.isInterfaceDeclaration(node) && node.name.text === name,
  ).flatMap(({ members }) => members.flatMap((member) => (member.name ? [member.name.getText()] : [])));

describe('generated documentation', () => {
  it('is what npm run docs would write now', async () => {
    const generated = await generatedPages();
    const stale = [...generated].filter(([file, text]) => !exists(file) || textOf(file) !== text);
    expect(stale.map(([file]) => `${file}: run npm run docs`)).toEqual([]);
  });

  it('describes every name that can be imported', () => {
    const silent = entries.flatMap(({ specifier, exports }) =>
      exports.filter(({ description }) => description === '').map(({ name }) => `${specifier}: ${name}`),
    );
    expect(silent).toEqual([]);
  });

  it('knows the same names as the code that is run', async () => {
    const root = entries.find(({ specifier }) => specifier === 'unicharge');
    const values = root?.exports.filter(({ kind }) => kind !== 'type').map(({ name }) => name);
    expect(values).toEqual(Object.keys(await import('../src/index.js')).sort());
  });
});

describe('the README', () => {
  it('names every example and links to every page', () => {
    const examples = [...(textOf('test/examples.test.ts').matchAll(/^ {2}'?([a-z-]+)'?: \[/gm) ?? [])];
    expect(examples.length).toBeGreaterThan(15);
    expect(examples.filter(([, name]) => !readme.includes(`(examples/${name ?? ''}.ts)`))).toEqual([]);
    const linked = pages.filter((page) => page.startsWith('docs/')).map((page) => `](${page}`);
    expect(linked.filter((link) => !readme.includes(link))).toEqual([]);
  });
});

describe('the pages', () => {
  it('name what the code has', () => {
    const client = textOf('docs/client.md');
    expect(missingIn(client, membersOf('src/charges-client.ts', 'ChargesClient'))).toEqual([]);
    expect(missingIn(client, Object.keys(knownChargeSchema.shape))).toEqual([]);

    const errorsPage = textOf('docs/errors.md');
    expect(missingIn(errorsPage, Object.keys(errors))).toEqual([]);
    expect(missingIn(errorsPage, wordsOfType('src/models/error-details.ts', 'Outcome'))).toEqual([]);
    const error = new errors.ChargesError({ message: 'x', outcome: 'unknown' });
    expect(missingIn(errorsPage, Object.keys(error.toJSON()))).toEqual([]);

    const events = textOf('docs/events.md');
    expect(missingIn(events, wordsOfType('src/models/client-event.ts', 'EventOfCall'))).toEqual([]);
    expect(missingIn(events, wordsOfType('src/models/drift.ts', 'DriftKind'))).toEqual([]);

    const webhooks = textOf('docs/webhooks.md');
    const eventTypes = wordsOfType('src/models/event.ts', 'ChargeEventType');
    expect(eventTypes.filter((type) => !webhooks.includes(`\`${type}\``))).toEqual([]);
    expect(missingIn(webhooks, membersOf('src/models/event.ts', 'ReportedEvent'))).toEqual([]);

    const testing = textOf('docs/testing.md');
    expect(missingIn(testing, wordsOfType('src/simulator/faults.ts', 'FaultType'))).toEqual([]);
    expect(missingIn(testing, membersOf('src/simulator/faults.ts', 'FaultOrder'))).toEqual([]);
    expect(missingIn(testing, wordsOfType('src/simulator/face.ts', 'SourceKind'))).toEqual([]);
    expect(missingIn(testing, membersOf('src/simulator/simulator.ts', 'Simulator'))).toEqual([]);
    const webhookMembers = ['SimulatedWebhooks', 'Disorder', 'SimulatedDelivery'].flatMap((name) =>
      membersOf('src/simulator/webhooks.ts', name),
    );
    expect(missingIn(testing, webhookMembers)).toEqual([]);

    const conformance = textOf('docs/conformance.md');
    for (const name of [
      'ConformanceOptions',
      'ConformanceSources',
      'ConformanceWebhooks',
      'ConformanceOverrides',
    ])
      expect(missingIn(conformance, membersOf('src/testing/conformance/options.ts', name))).toEqual([]);
    for (const name of ['FaultServer', 'FaultServerOptions'])
      expect(missingIn(conformance, membersOf('src/testing/fault-server.ts', name))).toEqual([]);
    const messages = ['FaultServerRequest', 'FaultServerResponse'].flatMap((name) =>
      membersOf('src/testing/fault-server-messages.ts', name),
    );
    expect(missingIn(conformance, messages)).toEqual([]);
  });

  it('say every error code that the library makes', () => {
    const made = ['src/errors.ts', 'src/errors', 'src/calls', 'src/writes', 'src/stores', 'src/webhooks'];
    const codes = new Set(
      made
        .flatMap((place) => (place.endsWith('.ts') ? [place] : filesIn(place)))
        .flatMap((file) => [...textOf(file).matchAll(/(?:\bcode|defaultCode: string)(?::| =) '([a-z_]+)'/g)])
        .map((match) => match[1] ?? '')
        .filter((code) => !code.startsWith('webhook_') && code !== 'charges_error'),
    );
    expect(codes.size).toBeGreaterThan(15);
    expect(missingIn(textOf('docs/errors.md'), [...codes])).toEqual([]);
  });

  it.each(pages)('%s has no TypeScript that the type check does not read', (page) => {
    const text = textOf(page);
    // Every opening fence, with whatever stands before it and behind it.
    const fences = [...text.matchAll(/^(.*(?:`{3,}|~{3,}).*)\n[\s\S]*?^\s*(?:`{3,}|~{3,})\s*$/gm)];
    const readable = new Set(['```ts', '```sh', '```mermaid', '```text']);
    expect(fences.map(([, fence = '']) => fence).filter((fence) => !readable.has(fence))).toEqual([]);
    expect(fences.filter(([, fence]) => fence === '```ts')).toHaveLength(codeBlocks(page).length);
    const elsewhere = fences.filter(([, fence]) => fence !== '```ts').map(([block]) => block);
    expect(elsewhere.filter((block) => /^\s*(?:const|import|await|export) /m.test(block))).toEqual([]);
    expect(/<(?:pre|code)\b/i.test(text), 'code as HTML').toBe(false);
  });

  it.each(pages)('%s names only commands and files that exist', (page) => {
    const text = textOf(page);
    const scripts = [...text.matchAll(/npm run ([\w:-]+)/g)].map((match) => match[1] ?? '');
    expect(scripts.filter((name) => !Object.hasOwn(packageJson.scripts, name))).toEqual([]);
    const files = [...text.matchAll(/`((?:examples|docs|test|src|bench)\/[\w./-]+\.\w+)`/g)];
    expect(files.map((match) => match[1] ?? '').filter((file) => !exists(file))).toEqual([]);
  });
});
