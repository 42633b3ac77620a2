import ts from 'typescript';
import { docOf, parse } from './exports.js';
import { code, table } from './markdown.js';

/** The documented fields of an interface, or of an object that a constant holds, in the order of the source. */
const fieldsOf = (file: string, name: string): readonly (readonly [field: string, doc: string])[] => {
  const source = parse(file);
  let found: readonly ts.Node[] | undefined;
  const visit = (node: ts.Node): void => {
    if (ts.isInterfaceDeclaration(node) && node.name.text === name) found = [...node.members];
    if (ts.isVariableDeclaration(node) && node.name.getText() === name && node.initializer !== undefined) {
      const value = ts.isAsExpression(node.initializer) ? node.initializer.expression : node.initializer;
      if (ts.isObjectLiteralExpression(value)) found = [...value.properties];
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  if (found === undefined) throw new Error(`${file} has no ${name}`);
  return found.map((node) => {
    const field = (node as ts.PropertySignature | ts.PropertyAssignment).name.getText();
    const doc = docOf(node).replaceAll(/\s+/g, ' ');
    if (doc === '') throw new Error(`${name}.${field} in ${file} has no docstring`);
    return [field, doc] as const;
  });
};

const asTable = (title: string, fields: readonly (readonly [field: string, doc: string])[]): string =>
  table(
    [title, ''],
    fields.map(([field, doc]) => [code(field), doc]),
  );

/** The settings that every provider has. */
export const settingsTable = (): string => asTable('setting', fieldsOf('src/settings.ts', 'commonShape'));

/** The options of one call. */
export const optionsTable = (): string =>
  asTable('option', [
    ...fieldsOf('src/charges-client.ts', 'WriteOptions').map(
      ([field, doc]) => [field, `Writes only. ${doc}`] as const,
    ),
    ...fieldsOf('src/charges-client.ts', 'ReadOptions').map(
      ([field, doc]) => [field, `Reads of charges only. ${doc}`] as const,
    ),
    ...fieldsOf('src/charges-client.ts', 'CallOptions'),
  ]);
