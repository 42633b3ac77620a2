import ts from 'typescript';

/** The docstring of a symbol, or of the one that it was made of. */
const docOf = (symbol: ts.Symbol, checker: ts.TypeChecker): string =>
  ts.displayPartsToString(symbol.getDocumentationComment(checker));

/** What values of a type may be made of: the members of a union, and the items of a list. */
const partsOf = (type: ts.Type, checker: ts.TypeChecker): readonly ts.Type[] => {
  if (type.isUnion()) return type.types.flatMap((each) => partsOf(each, checker));
  const item = checker.isArrayType(type) ? checker.getTypeArguments(type as ts.TypeReference)[0] : undefined;
  return item === undefined ? [type] : partsOf(item, checker);
};

/** The types of a member, in every part that has it. */
const membersOf = (types: readonly ts.Type[], name: string, checker: ts.TypeChecker): ts.Symbol[] =>
  types.flatMap((type) => checker.getPropertyOfType(type, name) ?? []);

/** A schema of the sources: the type of its values, and where it is declared. */
interface Schema {
  readonly type: ts.Type;
  readonly at: ts.Node;
}

/** The schemas that the sources declare, by their names. Several files may use one name. */
const schemasIn = (program: ts.Program): Map<string, readonly Schema[]> => {
  const checker = program.getTypeChecker();
  const found = new Map<string, readonly Schema[]>();
  for (const file of program.getSourceFiles()) {
    if (file.isDeclarationFile) continue;
    for (const statement of file.statements) {
      if (!ts.isVariableStatement(statement)) continue;
      for (const declaration of statement.declarationList.declarations) {
        const core = checker.getTypeAtLocation(declaration).getProperty('_zod');
        if (core === undefined) continue;
        const output = checker.getTypeOfSymbolAtLocation(core, declaration).getProperty('output');
        if (output === undefined) continue;
        const type = checker.getTypeOfSymbolAtLocation(output, declaration);
        const name = declaration.name.getText();
        found.set(name, [...(found.get(name) ?? []), { type, at: declaration }]);
      }
    }
  }
  return found;
};

/** The names of the fields of a literal. */
const fieldNames = (literal: ts.TypeLiteralNode): string[] =>
  literal.members
    .filter(ts.isPropertySignature)
    .map(({ name }) => name.getText().replaceAll(/^['"]|['"]$/g, ''));

/** The fields of an object's schema, `ZodObject<{ … }>`; undefined for any other type. */
const shapeOf = (node: ts.Node): ts.TypeLiteralNode | undefined => {
  if (!ts.isTypeReferenceNode(node) || !node.typeName.getText().endsWith('ZodObject')) return undefined;
  const [shape] = node.typeArguments ?? [];
  return shape !== undefined && ts.isTypeLiteralNode(shape) ? shape : undefined;
};

/** The outermost objects of a schema's type: one, or the members of a union. */
const shapesOf = (node: ts.Node): ts.TypeLiteralNode[] => {
  const shape = shapeOf(node);
  if (shape !== undefined) return [shape];
  const found: ts.TypeLiteralNode[] = [];
  ts.forEachChild(node, (child) => {
    found.push(...shapesOf(child));
  });
  return found;
};

/** The declarations of a module, with the docstrings of the sources before the fields of its schemas. */
export const withFieldsDocumented = (declarations: string, program: ts.Program): string => {
  const checker = program.getTypeChecker();
  const schemas = schemasIn(program);
  const file = ts.createSourceFile('module.d.ts', declarations, ts.ScriptTarget.Latest, true);
  const insertions: { readonly at: number; readonly text: string }[] = [];

  const document = (literal: ts.TypeLiteralNode, types: readonly ts.Type[], at: ts.Node): void => {
    const fields = literal.members.filter(ts.isPropertySignature);
    const names = fieldNames(literal);
    // Of the members of a union, those that have all of these fields.
    const fitting = types.filter((type) => names.every((name) => checker.getPropertyOfType(type, name)));
    fields.forEach((field, index) => {
      const members = membersOf(fitting.length > 0 ? fitting : types, names[index] ?? '', checker);
      const doc = members.map((member) => docOf(member, checker)).find((text) => text !== '');
      const isDocumented = /\/\*\*/.test(declarations.slice(field.getFullStart(), field.getStart()));
      if (doc !== undefined && !isDocumented)
        insertions.push({ at: field.getStart(), text: `/** ${doc.replaceAll(/\s*\n\s*/g, ' ')} */ ` });
      const inner = members.flatMap((member) =>
        partsOf(checker.getTypeOfSymbolAtLocation(member, at), checker),
      );
      if (field.type !== undefined) visit(field.type, inner, at);
    });
  };

  /** Looks for the objects of a schema's type. The values of an enumeration stand in a literal, too, and are no fields. */
  const visit = (node: ts.Node, types: readonly ts.Type[], at: ts.Node): void => {
    if (types.length === 0) return;
    const shape = shapeOf(node);
    if (shape !== undefined) {
      document(shape, types, at);
      return;
    }
    if (ts.isTypeLiteralNode(node)) return;
    ts.forEachChild(node, (child) => {
      visit(child, types, at);
    });
  };

  /** Whether a schema has the very fields that a declaration writes: of several schemas with one name, one has. */
  const isDeclaredBy = ({ type }: Schema, declared: ts.TypeNode): boolean => {
    const parts = partsOf(type, checker);
    const has = (part: ts.Type, names: readonly string[]): boolean =>
      names.length === checker.getPropertiesOfType(part).length &&
      names.every((name) => checker.getPropertyOfType(part, name) !== undefined);
    return shapesOf(declared).every((shape) => parts.some((part) => has(part, fieldNames(shape))));
  };

  for (const statement of file.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, type } of statement.declarationList.declarations) {
      if (type === undefined) continue;
      const schema = schemas.get(name.getText())?.find((each) => isDeclaredBy(each, type));
      if (schema !== undefined) visit(type, partsOf(schema.type, checker), schema.at);
    }
  }
  return insertions
    .sort((left, right) => right.at - left.at)
    .reduce((text, { at, text: doc }) => text.slice(0, at) + doc + text.slice(at), declarations);
};
