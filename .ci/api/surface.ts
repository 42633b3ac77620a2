import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import ts from 'typescript';
import { printDeclaration } from './print.js';

/** One entry point of a package. */
export interface EntryPoint {
  /** What a user imports: `unicharge/stripe`. */
  readonly specifier: string;
  /** The file of its declarations, as an absolute path. */
  readonly file: string;
}

/** What one entry point promises. Names are in alphabetical order. */
export interface Surface {
  readonly specifier: string;
  /** What it declares itself, under the names it exports. */
  readonly exported: readonly string[];
  /** What nobody can import, though a signature of this entry names it before any other entry does. */
  readonly inner: readonly string[];
  /** What it exports and an earlier entry writes out, by that entry: `A`, or `A as B`, or `*` for all that it exports. */
  readonly reexported: ReadonlyMap<string, readonly string[]>;
  /** What its signatures name and others declare, by where it comes from. */
  readonly imported: ReadonlyMap<string, readonly string[]>;
}

const byName = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** Only files of the build are read: what a dependency means by its names is not ours to report. */
const programOf = (files: readonly string[]): ts.Program => {
  const options: ts.CompilerOptions = { module: ts.ModuleKind.ESNext, noLib: true, types: [] };
  const host = ts.createCompilerHost(options);
  host.resolveModuleNameLiterals = (literals, containingFile) =>
    literals.map(({ text }) => {
      if (!text.startsWith('.')) return { resolvedModule: undefined };
      const file = resolve(dirname(containingFile), text.replace(/\.js$/, '.d.ts'));
      if (!existsSync(file)) throw new Error(`${containingFile} imports ${text}, which is not in the build`);
      return { resolvedModule: { resolvedFileName: file, extension: ts.Extension.Dts } };
    });
  return ts.createProgram([...files], options, host);
};

/** Whether an identifier names a type or value that may be declared elsewhere, and is no name of a member or parameter. */
const isReference = (identifier: ts.Identifier): boolean => {
  const { parent } = identifier;
  if (ts.isTypeReferenceNode(parent)) return parent.typeName === identifier;
  if (ts.isQualifiedName(parent)) return parent.left === identifier;
  if (ts.isTypeQueryNode(parent)) return parent.exprName === identifier;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === identifier;
  return ts.isExpressionWithTypeArguments(parent) || ts.isComputedPropertyName(parent);
};

/** A declaration at the top of a file of the build, as against a parameter of a type. */
const isTopLevel = (declaration: ts.Declaration): boolean => {
  const { parent } = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
  return ts.isSourceFile(parent);
};

/** The bundler of the declarations numbers names that clash: `Options$1`. */
const plainName = (symbol: ts.Symbol): string => symbol.name.replace(/\$\d+$/, '');

interface Owned {
  readonly owner: string;
  readonly name: string;
}

const put = (map: Map<string, Set<string>>, key: string, value: string): void => {
  map.set(key, (map.get(key) ?? new Set()).add(value));
};

const as = (name: string, local: string): string => (name === local ? name : `${name} as ${local}`);

const sorted = (map: ReadonlyMap<string, ReadonlySet<string>>): ReadonlyMap<string, readonly string[]> =>
  new Map(
    [...map]
      .sort(([left], [right]) => byName(left, right))
      .map(([key, names]) => [key, [...names].sort(byName)]),
  );

/**
 * What each entry point promises. A symbol belongs to the first entry that exports it, or else to the first whose signatures
 * name it; the later ones only say where it is.
 */
export const readSurfaces = (entries: readonly EntryPoint[]): readonly Surface[] => {
  const program = programOf(entries.map(({ file }) => file));
  const checker = program.getTypeChecker();

  const targetOf = (symbol: ts.Symbol): ts.Symbol =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;

  const exportsOf = ({ file, specifier }: EntryPoint): readonly (readonly [string, ts.Symbol])[] => {
    const source = program.getSourceFile(file);
    const module = source && checker.getSymbolAtLocation(source);
    if (module === undefined) throw new Error(`${specifier} has no declarations at ${file}`);
    return checker
      .getExportsOfModule(module)
      .map((symbol) => [symbol.name, targetOf(symbol)] as const)
      .sort(([left], [right]) => byName(left, right));
  };

  const owners = new Map<ts.Symbol, Owned>();
  for (const entry of entries) {
    for (const [name, symbol] of exportsOf(entry)) {
      if (!owners.has(symbol)) owners.set(symbol, { owner: entry.specifier, name });
    }
  }

  return entries.map((entry) => {
    const { specifier } = entry;
    const reexported = new Map<string, Set<string>>();
    const imported = new Map<string, Set<string>>();
    const exported = new Map<string, string>();
    const inner = new Map<string, string>();
    const waiting: ts.Symbol[] = [];
    const names = new Map(exportsOf(entry).map(([name, symbol]) => [symbol, name] as const));
    const used = new Set(exportsOf(entry).map(([name]) => name));

    /** Names of what nobody can import may clash; a number tells them apart. */
    const nameHere = (symbol: ts.Symbol, wanted: string): string => {
      const known = names.get(symbol);
      if (known !== undefined) return known;
      let name = wanted;
      for (let number = 2; used.has(name); number += 1) name = `${wanted}_${number}`;
      names.set(symbol, name);
      used.add(name);
      return name;
    };

    /** Notes what a signature names, and says its name in the report. */
    const rename = (identifier: ts.Identifier): string | null => {
      if (!isReference(identifier)) return null;
      const symbol = checker.getSymbolAtLocation(identifier);
      if (symbol === undefined) return null;
      const origin = originOf(symbol);
      if (origin !== null) put(imported, origin.from, origin.name);
      const target = targetOf(symbol);
      if (!(target.declarations ?? []).some(isTopLevel)) return null;
      const owned = owners.get(target);
      const name = nameHere(target, owned?.name ?? plainName(target));
      if (owned === undefined) {
        owners.set(target, { owner: specifier, name });
        waiting.push(target);
      } else if (owned.owner !== specifier) {
        put(imported, owned.owner, as(owned.name, name));
      }
      return name;
    };

    const print = (symbol: ts.Symbol, name: string): string =>
      (symbol.declarations ?? []).map((each) => printDeclaration(each, name, rename)).join('\n');

    for (const [name, symbol] of exportsOf(entry)) {
      const owned = owners.get(symbol);
      if (owned === undefined) throw new Error(`Nobody owns ${name} of ${specifier}`);
      if (owned.owner === specifier && owned.name === name) exported.set(name, print(symbol, name));
      else put(reexported, owned.owner, as(owned.name, name));
    }
    for (let symbol = waiting.shift(); symbol !== undefined; symbol = waiting.shift()) {
      const name = owners.get(symbol)?.name ?? plainName(symbol);
      inner.set(name, print(symbol, name));
    }
    // What an entry exports is named by its line of exports already.
    for (const [from, names] of reexported) {
      for (const name of names) imported.get(from)?.delete(name);
      if (imported.get(from)?.size === 0) imported.delete(from);
    }
    for (const [from, names] of reexported) {
      const other = entries.find((each) => each.specifier === from);
      if (other && exportsOf(other).every(([name]) => names.has(name))) reexported.set(from, new Set(['*']));
    }
    const inOrder = (texts: ReadonlyMap<string, string>): string[] =>
      [...texts].sort(([left], [right]) => byName(left, right)).map(([, text]) => text);
    return {
      specifier,
      exported: inOrder(exported),
      inner: inOrder(inner),
      reexported: sorted(reexported),
      imported: sorted(imported),
    };
  });
};

/** Where a name of another package comes from; null for a name of the build. */
const originOf = (symbol: ts.Symbol): { readonly from: string; readonly name: string } | null => {
  const declaration = symbol.declarations?.find(
    (each) => ts.isImportSpecifier(each) || ts.isNamespaceImport(each),
  );
  if (declaration === undefined) return null;
  const clause = ts.findAncestor(declaration, ts.isImportDeclaration);
  const specifier = clause?.moduleSpecifier;
  if (specifier === undefined || !ts.isStringLiteral(specifier) || specifier.text.startsWith('.'))
    return null;
  if (ts.isNamespaceImport(declaration))
    return { from: specifier.text, name: `* as ${declaration.name.text}` };
  const name = declaration.name.text;
  return { from: specifier.text, name: as(declaration.propertyName?.text ?? name, name) };
};
