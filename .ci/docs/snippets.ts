import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import ts from 'typescript';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Every page of the documentation, named from the root. */
export const documentationPages = (): readonly string[] =>
  ['README.md', 'CONTRIBUTING.md']
    .concat(
      ['docs', 'docs/providers'].flatMap((folder) =>
        readdirSync(`${root}${folder}`)
          .filter((name) => name.endsWith('.md'))
          .sort()
          .map((name) => `${folder}/${name}`),
      ),
    )
    .filter((page) => existsSync(`${root}${page}`));

/** The TypeScript of a page, block by block. */
export const codeBlocks = (page: string): readonly string[] =>
  [...readFileSync(`${root}${page}`, 'utf8').matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(
    (match) => match[1] ?? '',
  );

/** What the code of the pages uses and the reader's program has. */
const surroundings = `
declare const charges: ChargesClient;
declare const params: CreateParams;
declare const simulator: Simulator;
declare const rawBody: Buffer;
declare const request: { headers: Headers; query: { session_token: string } };
declare const order: { payment: ChargeProgress | null; chargeId: string; amount: number; currency: string };
declare const event: ChargeEvent;
declare const hear: (event: ChargeEvent) => Promise<void>;
declare const orderOf: (id: string) => Promise<{ chargeId: string; amount: number; currency: string }>;
declare const queue: string[];
declare const metrics: { record(...values: unknown[]): void };
declare const log: { warn(value: unknown): void };
declare const redirect: (url: string) => void;
declare const ship: () => void;
declare const tellPayer: (declineCode: string, advice: string) => void;
declare const keepOpen: (error: string) => void;
declare const tryLater: (key: string) => void;
declare const markPaid: (key: string, charge: Charge | null) => void;
declare const retryOrder: (key: string) => void;
declare const lookAgainIn: (milliseconds: number) => void;
declare const askSomebody: (key: string) => void;
declare const createAcme: (settings: object) => ChargesClient;
declare const acme: {
  handle: FaultServerHandler;
  operationOf(request: FaultServerRequest): string;
  notify(id: string, secret: string, signedAt: number): ConformanceDelivery;
  payments(): readonly ConformanceLedgerCharge[];
};
`;

const surroundingTestingTypes = [
  'ConformanceDelivery',
  'ConformanceLedgerCharge',
  'FaultServerHandler',
  'FaultServerRequest',
  'Simulator',
];
const surroundingTypes = ['Charge', 'ChargeEvent', 'ChargeProgress', 'ChargesClient', 'CreateParams'];

interface Imports {
  /** Named imports, by what they are imported from; types are marked. */
  readonly named: Map<string, Set<string>>;
  readonly others: Set<string>;
}

const addImport = (imports: Imports, statement: ts.ImportDeclaration): void => {
  const from = (statement.moduleSpecifier as ts.StringLiteral).text;
  const bindings = statement.importClause?.namedBindings;
  if (bindings === undefined || !ts.isNamedImports(bindings)) {
    imports.others.add(statement.getText());
    return;
  }
  const names = imports.named.get(from) ?? new Set();
  const typeOnly = statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
  for (const element of bindings.elements) {
    names.add(typeOnly ? `type ${element.getText()}` : element.getText());
  }
  imports.named.set(from, names);
};

const importLines = ({ named, others }: Imports): string[] => [
  ...others,
  ...[...named].map(([from, names]) => {
    // A name that is imported as a value somewhere needs no import as a type.
    const needed = [...names].filter((name) => !name.startsWith('type ') || !names.has(name.slice(5)));
    return `import { ${needed.sort().join(', ')} } from '${from}';`;
  }),
];

const declaredNames = (statement: ts.Statement): string[] => {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) =>
      ts.isIdentifier(name)
        ? [name.text]
        : name.elements.flatMap((element) =>
            ts.isBindingElement(element) && ts.isIdentifier(element.name) ? [element.name.text] : [],
          ),
    );
  }
  return ts.isFunctionDeclaration(statement) && statement.name !== undefined ? [statement.name.text] : [];
};

/** The blocks of a page as one function: each sees what the blocks before it declared, and may declare it anew. */
const asFunction = (blocks: readonly string[], imports: Imports): string =>
  blocks.reduceRight((inner, block) => {
    const tree = ts.createSourceFile('block.ts', block, ts.ScriptTarget.ES2022, true);
    const statements = tree.statements.filter((statement) => {
      if (ts.isImportDeclaration(statement)) addImport(imports, statement);
      return !ts.isImportDeclaration(statement);
    });
    const names = statements.flatMap(declaredNames);
    const text = statements.map((statement) => statement.getFullText().replace(/^export /m, '')).join('');
    const uses = names.length === 0 ? '' : `\nvoid [${names.join(', ')}];`;
    return `${text}${uses}\n${inner === '' ? '' : `await (async () => {\n${inner}\n})();`}`;
  }, '');

/** All code of the documentation as one file that the type check reads. */
export const snippetsFile = async (): Promise<string> => {
  const imports: Imports = {
    named: new Map([
      ['unicharge', new Set(surroundingTypes.map((name) => `type ${name}`))],
      ['unicharge/testing', new Set(surroundingTestingTypes.map((name) => `type ${name}`))],
    ]),
    others: new Set(),
  };
  const functions = documentationPages().flatMap((page) => {
    const blocks = codeBlocks(page);
    if (blocks.length === 0) return [];
    return [`'${page}': async () => {\n${asFunction(blocks, imports)}\n},`];
  });
  const text = [
    '/* eslint-disable -- Generated by `npm run docs`: the code of the documentation, so that the type check reads it. It is never run. */',
    ...importLines(imports),
    surroundings,
    `export const snippets = {\n${functions.join('\n\n')}\n};`,
  ].join('\n');
  return format(text, { ...(await resolveConfig(`${root}test/docs/snippets.ts`)), parser: 'typescript' });
};
