import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { entries } from '../../tsup.config.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** One name that an entry exports. */
export interface Export {
  readonly name: string;
  readonly kind: 'function' | 'class' | 'value' | 'type';
  /** The first sentence of its docstring; empty where it has none. */
  readonly description: string;
  /** Where it is declared. */
  readonly file: string;
}

/** One entry point and what it exports, in alphabetical order. */
export interface Entry {
  /** What a user imports: `unicharge/stripe`. */
  readonly specifier: string;
  readonly exports: readonly Export[];
}

/** What a module says under a name: here, or in another module. */
type Binding = { readonly declaration: Export } | { readonly file: string; readonly name: string };

interface Module {
  readonly bindings: ReadonlyMap<string, Binding>;
  /** What is exported, by the outer name. */
  readonly exported: ReadonlyMap<string, string | { readonly file: string; readonly name: string }>;
  /** Modules of which everything is exported. */
  readonly everythingOf: readonly string[];
}

/** The docstring of a declaration. */
export const docOf = (node: ts.Node): string =>
  ts
    .getJSDocCommentsAndTags(node)
    .filter((doc) => ts.isJSDoc(doc))
    .map((doc) => ts.getTextOfJSDocComment(doc.comment) ?? '')
    .join('\n\n')
    .trim();

/** The first sentence of a text, as one line. */
const firstSentence = (text: string): string => {
  const paragraph = (text.split(/\n\s*\n/)[0] ?? '').replaceAll(/\s+/g, ' ').trim();
  return /^.*?[.?](?= [A-Z`'])/.exec(paragraph)?.[0] ?? paragraph;
};

/** The syntax tree of a source file, named from the root. */
export const parse = (file: string): ts.SourceFile =>
  ts.createSourceFile(file, readFileSync(`${root}${file}`, 'utf8'), ts.ScriptTarget.ES2022, true);

const declared = (name: string, kind: Export['kind'], node: ts.Node): readonly [string, Binding] => [
  name,
  {
    declaration: {
      name,
      kind,
      description: firstSentence(docOf(node)),
      file: node.getSourceFile().fileName,
    },
  },
];

/** Whether a value is a function: by its form, by its declared type, or made by another function and named for what it does. */
const isFunction = ({ name, type, initializer: value }: ts.VariableDeclaration): boolean => {
  if (type !== undefined && ts.isFunctionTypeNode(type)) return true;
  if (value === undefined) return false;
  if (ts.isCallExpression(value)) return /^(?:create|verify)[A-Z].*(?<!Schema)$/.test(name.getText());
  return ts.isArrowFunction(value) || ts.isFunctionExpression(value);
};

const declarationsOf = (statement: ts.Statement): (readonly [string, Binding])[] => {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map((node) =>
      declared(node.name.getText(), isFunction(node) ? 'function' : 'value', statement),
    );
  }
  if (ts.isFunctionDeclaration(statement) && statement.name !== undefined) {
    return [declared(statement.name.text, 'function', statement)];
  }
  if (ts.isClassDeclaration(statement) && statement.name !== undefined) {
    return [declared(statement.name.text, 'class', statement)];
  }
  if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) {
    return [declared(statement.name.text, 'type', statement)];
  }
  return [];
};

const isExported = (statement: ts.Statement): boolean =>
  ts.canHaveModifiers(statement) &&
  (ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false);

const modules = new Map<string, Module>();

const readModule = (file: string): Module => {
  const known = modules.get(file);
  if (known !== undefined) return known;
  const bindings = new Map<string, Binding>();
  const exported = new Map<string, string | { readonly file: string; readonly name: string }>();
  const everythingOf: string[] = [];
  const targetOf = (specifier: ts.Expression): string =>
    posix.join(posix.dirname(file), (specifier as ts.StringLiteral).text).replace(/\.js$/, '.ts');

  for (const statement of parse(file).statements) {
    for (const [name, binding] of declarationsOf(statement)) {
      // A type may have the name of a value: the value's docstring comes first, and a schema's is its type's.
      if (!bindings.has(name)) bindings.set(name, binding);
      if (isExported(statement)) exported.set(name, name);
    }
    if (ts.isImportDeclaration(statement)) {
      const names = statement.importClause?.namedBindings;
      if (names === undefined || !ts.isNamedImports(names)) continue;
      for (const { name, propertyName } of names.elements) {
        if (!(statement.moduleSpecifier as ts.StringLiteral).text.startsWith('.')) continue;
        bindings.set(name.text, {
          file: targetOf(statement.moduleSpecifier),
          name: (propertyName ?? name).text,
        });
      }
    }
    if (ts.isExportDeclaration(statement)) {
      const { exportClause, moduleSpecifier } = statement;
      if (exportClause === undefined && moduleSpecifier !== undefined) {
        // The types of another entry stand on the page of that entry.
        if (!statement.isTypeOnly) everythingOf.push(targetOf(moduleSpecifier));
      } else if (exportClause !== undefined && ts.isNamedExports(exportClause)) {
        for (const { name, propertyName } of exportClause.elements) {
          const inner = (propertyName ?? name).text;
          exported.set(
            name.text,
            moduleSpecifier === undefined ? inner : { file: targetOf(moduleSpecifier), name: inner },
          );
        }
      }
    }
  }
  const module = { bindings, exported, everythingOf };
  modules.set(file, module);
  return module;
};

const resolveExport = (file: string, name: string): Export | undefined => {
  const { bindings, exported, everythingOf } = readModule(file);
  const target = exported.get(name);
  if (target === undefined) {
    for (const other of everythingOf) {
      const found = resolveExport(other, name);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (typeof target !== 'string') return resolveExport(target.file, target.name);
  const binding = bindings.get(target);
  if (binding === undefined) return undefined;
  return 'declaration' in binding ? binding.declaration : resolveExport(binding.file, binding.name);
};

const namesOf = (file: string): string[] => {
  const { exported, everythingOf } = readModule(file);
  return [...new Set([...exported.keys(), ...everythingOf.flatMap(namesOf)])];
};

/** What a source file exports. */
export const exportsOf = (file: string): readonly Export[] =>
  namesOf(file)
    .map((name) => {
      const found = resolveExport(file, name);
      if (found === undefined) throw new Error(`${file} exports ${name}, and nobody declares it`);
      return { ...found, name };
    })
    .sort((left, right) => (left.name < right.name ? -1 : 1));

/** Every entry point with all that it exports. */
export const readEntries = (): readonly Entry[] =>
  Object.entries(entries).map(([name, file]) => ({
    specifier: name === 'index' ? 'unicharge' : `unicharge/${name}`,
    exports: exportsOf(file),
  }));
