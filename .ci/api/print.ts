import { format } from 'prettier';
import ts from 'typescript';

/**
 * Writes one declaration as a reviewer should see it: without comments, members and union constituents in alphabetical order,
 * so that moving lines in a source file, or another order that the compiler finds a union in, changes nothing.
 */

const printer = ts.createPrinter({ removeComments: true, newLine: ts.NewLineKind.LineFeed });

const byText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

const textOf = (node: ts.Node, file: ts.SourceFile): string =>
  printer.printNode(ts.EmitHint.Unspecified, node, file);

/** Null and undefined stand last in a union, as people write them. */
const unionKey = (text: string): string => `${/^(?:null|undefined)$/.test(text) ? '1' : '0'}${text}`;

/** What can be called comes first and keeps its order, which decides between overloads; then all members by name. */
const memberKey = (member: ts.TypeElement | ts.ClassElement, file: ts.SourceFile): string =>
  member.name === undefined ? '0' : `1${textOf(member.name, file)}`;

const sortedBy = <T>(values: readonly T[], keyOf: (value: T) => string): T[] =>
  values
    .map((value) => ({ value, key: keyOf(value) }))
    .sort((left, right) => byText(left.key, right.key))
    .map(({ value }) => value);

const isRequiredModifier = (modifier: ts.ModifierLike): boolean =>
  modifier.kind !== ts.SyntaxKind.ExportKeyword && modifier.kind !== ts.SyntaxKind.DeclareKeyword;

/** The statement that declares a symbol, with one name in it. */
const statementOf = (declaration: ts.Declaration): ts.Node => {
  if (!ts.isVariableDeclaration(declaration)) return declaration;
  const list = ts.factory.createVariableDeclarationList([declaration], declaration.parent.flags);
  return ts.factory.createVariableStatement(undefined, list);
};

/** Says the name that an identifier has in the report; null where it keeps its own. */
export type Rename = (identifier: ts.Identifier) => string | null;

const isTypeOnly = (declaration: ts.Declaration): boolean =>
  ts.isInterfaceDeclaration(declaration) || ts.isTypeAliasDeclaration(declaration);

/** A declaration as text, without `export`, under the name it has in the report. */
export const printDeclaration = (declaration: ts.Declaration, name: string, rename: Rename): string => {
  const file = declaration.getSourceFile();
  const own = ts.getNameOfDeclaration(declaration);
  const transformed = ts.transform(statementOf(declaration), [
    (context) => (root) => {
      const visit = (node: ts.Node): ts.Node => {
        if (ts.isIdentifier(node)) {
          const other = node === own ? name : rename(node);
          return other === null || other === node.text ? node : ts.factory.createIdentifier(other);
        }
        const seen = ts.visitEachChild(node, visit, context);
        if (ts.isUnionTypeNode(seen)) {
          return ts.factory.createUnionTypeNode(sortedBy(seen.types, (each) => unionKey(textOf(each, file))));
        }
        if (ts.isTypeLiteralNode(seen)) {
          return ts.factory.createTypeLiteralNode(sortedBy(seen.members, (each) => memberKey(each, file)));
        }
        if (ts.isInterfaceDeclaration(seen)) {
          return ts.factory.createInterfaceDeclaration(
            seen.modifiers?.filter(isRequiredModifier),
            seen.name,
            seen.typeParameters,
            seen.heritageClauses,
            sortedBy(seen.members, (each) => memberKey(each, file)),
          );
        }
        if (ts.isClassDeclaration(seen)) {
          return ts.factory.createClassDeclaration(
            seen.modifiers?.filter(isRequiredModifier),
            seen.name,
            seen.typeParameters,
            seen.heritageClauses,
            sortedBy(seen.members, (each) => memberKey(each, file)),
          );
        }
        if (ts.isTypeAliasDeclaration(seen)) {
          return ts.factory.createTypeAliasDeclaration(undefined, seen.name, seen.typeParameters, seen.type);
        }
        if (ts.isFunctionDeclaration(seen)) {
          return ts.factory.createFunctionDeclaration(
            seen.modifiers?.filter(isRequiredModifier),
            seen.asteriskToken,
            seen.name,
            seen.typeParameters,
            seen.parameters,
            seen.type,
            seen.body,
          );
        }
        return seen;
      };
      return visit(root);
    },
  ]);
  const [statement] = transformed.transformed;
  if (statement === undefined) throw new Error(`${name} has no declaration to print`);
  return `${isTypeOnly(declaration) ? '' : 'declare '}${textOf(statement, file)}`;
};

/** One declaration a line or more, laid out by prettier: a long union has a line for each constituent. */
export const layOut = (code: string): Promise<string> =>
  format(code, { parser: 'typescript', printWidth: 100, singleQuote: true });
