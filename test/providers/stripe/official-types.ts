import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import ts from 'typescript';

/* The types of the official SDK, as facts: which members of Stripe's objects may be null, and which words there are. */

const folder = createRequire(import.meta.url)
  .resolve('stripe')
  .replace(/cjs.*$/, 'esm/resources/');

/** One member of an interface of the SDK. */
export interface OfficialMember {
  readonly name: string;
  readonly isNullable: boolean;
  readonly isOptional: boolean;
  /** The names of the types that it may have, without null. */
  readonly types: readonly string[];
}

/** The interfaces of one file by their full names, such as `PaymentIntent.NextAction`. */
export type OfficialFile = ReadonlyMap<string, readonly OfficialMember[]>;

const memberOf = (member: ts.TypeElement): readonly OfficialMember[] => {
  if (!ts.isPropertySignature(member) || member.type === undefined) return [];
  const parts = ts.isUnionTypeNode(member.type) ? [...member.type.types] : [member.type];
  const isNull = (part: ts.TypeNode) =>
    ts.isLiteralTypeNode(part) && part.literal.kind === ts.SyntaxKind.NullKeyword;
  return [
    {
      name: member.name.getText(),
      isNullable: parts.some(isNull),
      isOptional: member.questionToken !== undefined,
      types: parts.filter((part) => !isNull(part)).map((part) => part.getText()),
    },
  ];
};

/** Reads one file of `stripe/esm/resources`. */
export const officialFile = (name: string): OfficialFile => {
  const text = readFileSync(`${folder}${name}.d.ts`, 'utf8');
  const source = ts.createSourceFile(`${name}.d.ts`, text, ts.ScriptTarget.Latest, true);
  const found = new Map<string, OfficialMember[]>();
  const visit = (node: ts.Node, names: readonly string[]): void => {
    if (ts.isInterfaceDeclaration(node)) {
      found.set([...names, node.name.text].join('.'), node.members.flatMap(memberOf));
    } else if (ts.isModuleDeclaration(node)) {
      node.forEachChild((child) => {
        visit(child, [...names, node.name.text]);
      });
    } else if (ts.isModuleBlock(node) || ts.isSourceFile(node)) {
      node.forEachChild((child) => {
        visit(child, names);
      });
    }
  };
  visit(source, []);
  return found;
};

/** The full name of a type that is named inside an interface: in its own namespace, or in one around it. */
export const resolveType = (file: OfficialFile, inside: string, name: string): string | undefined => {
  const names = inside.split('.');
  for (let depth = names.length; depth >= 0; depth -= 1) {
    const full = [...names.slice(0, depth), name].join('.');
    if (file.has(full)) return full;
  }
  return undefined;
};
