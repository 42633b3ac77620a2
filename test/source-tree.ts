import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** The repository as the compiler sees it: files, what they import, and the words that their code uses. */

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Made by tools and never committed. */
const generated = new Set(['.git', 'node_modules', 'dist', 'coverage']);

/** Names in the repository's own top folder, without what tools make. */
export const topLevelNames = (): string[] => readdirSync(root).filter((name) => !generated.has(name));

const walk = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (generated.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? walk(path) : [path];
  });

/** Every file below the folders, as paths from the root with forward slashes; folders that do not exist hold none. */
export const filesIn = (...folders: string[]): string[] =>
  folders
    .map((folder) => join(root, folder))
    .filter((folder) => existsSync(folder))
    .flatMap(walk)
    .map((file) => relative(root, file).split(sep).join('/'))
    .sort();

/** Names of the folders directly inside a folder. */
export const foldersIn = (folder: string): string[] =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => entry.name)
        .sort()
    : [];

/** Whether a path from the root exists. */
export const exists = (path: string): boolean => existsSync(join(root, path));

/** The text of a file, named from the root. */
export const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

const parsed = new Map<string, ts.SourceFile>();

/** The syntax tree of a TypeScript file. */
export const treeOf = (path: string): ts.SourceFile => {
  const known = parsed.get(path);
  if (known) return known;
  const tree = ts.createSourceFile(path, textOf(path), ts.ScriptTarget.Latest, true);
  parsed.set(path, tree);
  return tree;
};

/** Every node of a file that passes the question. */
export const nodesOf = <Kind extends ts.Node>(path: string, is: (node: ts.Node) => node is Kind): Kind[] => {
  const found: Kind[] = [];
  const visit = (node: ts.Node): void => {
    if (is(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(treeOf(path));
  return found;
};

/** Where a node stands, for messages. */
export const placeOf = (node: ts.Node): string => {
  const tree = node.getSourceFile();
  const { line } = tree.getLineAndCharacterOfPosition(node.getStart(tree));
  return `${tree.fileName}:${String(line + 1)}`;
};

/** One import, export from, import(), require() or import type. */
export interface Import {
  readonly from: string;
  /** What is written, such as `./models/charge.js` or `axios`. */
  readonly specifier: string;
  /** The file meant, from the root, when the specifier is relative. */
  readonly target: string | null;
  /** The package meant (`node:fs`, `axios`, `@scope/name`), when it is not relative. */
  readonly packageName: string | null;
  /** Erased by the compiler. */
  readonly typeOnly: boolean;
}

const specifierOf = (node: ts.Node): { specifier: ts.Node; typeOnly: boolean } | null => {
  if (ts.isImportDeclaration(node)) {
    return {
      specifier: node.moduleSpecifier,
      typeOnly: node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword,
    };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
    return { specifier: node.moduleSpecifier, typeOnly: node.isTypeOnly };
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return { specifier: node.argument.literal, typeOnly: true };
  }
  if (ts.isCallExpression(node) && node.arguments[0]) {
    const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword;
    const isRequire = ts.isIdentifier(node.expression) && node.expression.text === 'require';
    if (isImport || isRequire) return { specifier: node.arguments[0], typeOnly: false };
  }
  return null;
};

const packageNameOf = (specifier: string): string => {
  if (specifier.startsWith('node:')) return specifier;
  const [first = '', second = ''] = specifier.split('/');
  if (builtinModules.includes(first)) return `node:${specifier}`;
  return first.startsWith('@') ? `${first}/${second}` : first;
};

/** Everything that a file imports, in whatever form. */
export const importsOf = (path: string): Import[] =>
  nodesOf(path, (node): node is ts.Node => specifierOf(node) !== null).flatMap((node) => {
    const found = specifierOf(node);
    if (!found || !ts.isStringLiteralLike(found.specifier)) return [];
    const specifier = found.specifier.text;
    const relativeTarget = /^\.{1,2}\//.test(specifier);
    return {
      from: path,
      specifier,
      target: relativeTarget
        ? posix
            .join(posix.dirname(path), specifier)
            .replace(/\.js$/, '.ts')
            .replace(/\.cjs$/, '.cts')
        : null,
      packageName: relativeTarget ? null : packageNameOf(specifier),
      typeOnly: found.typeOnly,
    };
  });

/** The words of a name or text: `createStripe` has `create`, `stripe` and, joined, `createstripe`. */
export const wordsOf = (text: string): string[] => {
  const runs = text.split(/[^A-Za-z0-9]+/);
  const camel = runs.flatMap((run) =>
    run
      .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
      .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
      .split(' '),
  );
  return [...camel, ...runs].map((word) => word.toLowerCase()).filter((word) => word !== '');
};
