import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** The TypeScript files below a folder. */
export const sourcesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name))
    .sort();

const parse = (file: string): ts.SourceFile =>
  ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);

/** Lines that hold code: no comment, no import, nothing that is blank or only closes a comment. */
export const codeLines = (file: string): number => {
  const source = parse(file);
  const imports = source.statements.filter(ts.isImportDeclaration);
  const imported = new Set<number>();
  for (const statement of imports) {
    const first = source.getLineAndCharacterOfPosition(statement.getStart()).line;
    const last = source.getLineAndCharacterOfPosition(statement.getEnd()).line;
    for (let line = first; line <= last; line += 1) imported.add(line);
  }
  const withCode = new Set<number>();
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return;
    if (node.getChildCount(source) > 0) {
      for (const child of node.getChildren(source)) visit(child);
      return;
    }
    if (node.kind === ts.SyntaxKind.EndOfFileToken || node.getWidth(source) === 0) return;
    const first = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
    const last = source.getLineAndCharacterOfPosition(node.getEnd()).line;
    for (let line = first; line <= last; line += 1) withCode.add(line);
  };
  for (const statement of source.statements) visit(statement);
  return [...withCode].filter((line) => !imported.has(line)).length;
};

/** Type assertions, but for `as const`. */
export const castsIn = (file: string): number => {
  let casts = 0;
  const visit = (node: ts.Node): void => {
    if (ts.isAsExpression(node) && !ts.isConstTypeReference(node.type)) casts += 1;
    ts.forEachChild(node, visit);
  };
  visit(parse(file));
  return casts;
};

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
