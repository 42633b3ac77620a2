import LibsqlDatabase from 'libsql';
import ts from 'typescript';
import { nodeSqlite } from '../stores/sqlite-drivers.js';

const AsyncFunction = async function () {
  /* Only its constructor is of interest. */
}.constructor as new (...words: string[]) => (...values: unknown[]) => Promise<unknown>;

/** The modules that pages import, by the specifier that users write. */
const modules: Readonly<Record<string, () => Promise<object>>> = {
  express: () => import('express'),
  unicharge: () => import('../../src/index.js'),
  'unicharge/omise': () => import('../../src/providers/omise/index.js'),
  'unicharge/pin': () => import('../../src/providers/pin/index.js'),
  'better-sqlite3': () => import('libsql'),
  'node:sqlite': () => Promise.resolve(nodeSqlite ?? { DatabaseSync: LibsqlDatabase }),
  'unicharge/sqlite': () => import('../../src/stores/sqlite.js'),
  'unicharge/router': () => import('../../src/router/index.js'),
  'unicharge/stripe': () => import('../../src/providers/stripe/index.js'),
  'unicharge/testing': () => import('../../src/testing/index.js'),
};

interface Import {
  /** What the module calls it: `default` for a default import. */
  readonly name: string;
  readonly local: string;
  readonly from: string;
}

const importsOf = (source: ts.SourceFile): readonly Import[] =>
  source.statements.filter(ts.isImportDeclaration).flatMap(({ importClause, moduleSpecifier }) => {
    const from = (moduleSpecifier as ts.StringLiteral).text;
    const bindings = importClause?.namedBindings;
    return [
      ...(importClause?.name === undefined ? [] : [{ name: 'default', local: importClause.name.text, from }]),
      ...(bindings === undefined || !ts.isNamedImports(bindings)
        ? []
        : bindings.elements
            .filter(({ isTypeOnly }) => !isTypeOnly)
            .map(({ name, propertyName }) => ({
              name: (propertyName ?? name).text,
              local: name.text,
              from,
            }))),
    ];
  });

/**
 * Runs blocks of a page as one program, as they stand. `given` are the values that the reader's own program has; a name among them
 * replaces an import. Resolves with what `shown` names.
 */
export const runBlocks = async (
  blocks: readonly string[],
  given: Readonly<Record<string, unknown>>,
  shown: readonly string[] = [],
): Promise<Readonly<Record<string, unknown>>> => {
  const source = ts.createSourceFile('page.ts', blocks.join('\n'), ts.ScriptTarget.ES2022, true);
  const scope: Record<string, unknown> = {};
  for (const { name, local, from } of importsOf(source)) {
    const load = modules[from];
    if (load === undefined) throw new Error(`no page imports ${from} yet: add it to test/docs/run-blocks.ts`);
    scope[local] = ((await load()) as Record<string, unknown>)[name];
  }
  Object.assign(scope, given);
  const body = source.statements
    .filter((statement) => !ts.isImportDeclaration(statement))
    .map((statement) => statement.getFullText().replace(/^export /m, ''))
    .join('');
  const { outputText } = ts.transpileModule(
    `async function page() {${body}\nreturn { ${shown.join(', ')} };}`,
    {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
    },
  );
  const run = new AsyncFunction(...Object.keys(scope), `${outputText}\nreturn page();`);
  return (await run(...Object.values(scope))) as Readonly<Record<string, unknown>>;
};
