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

/** The type of the values of a schema; undefined where a type is none. */
const outputOf = (schema: ts.Type, at: ts.Node, checker: ts.TypeChecker): ts.Type | undefined => {
  const core = schema.getProperty('_zod');
  const output =
    core === undefined ? undefined : checker.getTypeOfSymbolAtLocation(core, at).getProperty('output');
  return output === undefined ? undefined : checker.getTypeOfSymbolAtLocation(output, at);
};

/** A schema of the sources: the type of its values, and where it is declared. */
interface Schema {
  readonly type: ts.Type;
  readonly at: ts.Node;
}

/** The constants that the sources declare at the top of a file. */
const constantsIn = (program: ts.Program): ts.VariableDeclaration[] =>
  program
    .getSourceFiles()
    .filter(({ isDeclarationFile }) => !isDeclarationFile)
    .flatMap(({ statements }) => statements.filter(ts.isVariableStatement))
    .flatMap(({ declarationList }) => declarationList.declarations);

/** The schemas that the sources declare, by their names. Several files may use one name. */
const schemasIn = (program: ts.Program): Map<string, readonly Schema[]> => {
  const checker = program.getTypeChecker();
  const found = new Map<string, readonly Schema[]>();
  for (const at of constantsIn(program)) {
    const type = outputOf(checker.getTypeAtLocation(at), at, checker);
    const name = at.name.getText();
    if (type !== undefined) found.set(name, [...(found.get(name) ?? []), { type, at }]);
  }
  return found;
};

/** The folder of the file where something is declared. */
const folderOf = (at: ts.Node): string => at.getSourceFile().fileName.replace(/[^/]*$/, '');

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

  /** What a member holds: of a schema, its values. */
  const valueOf = (type: ts.Type, at: ts.Node): ts.Type => outputOf(type, at, checker) ?? type;

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
        partsOf(valueOf(checker.getTypeOfSymbolAtLocation(member, at), at), checker),
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
  const isDeclaredBy = ({ type }: Schema, declared: ts.Node): boolean => {
    const parts = partsOf(type, checker);
    const has = (part: ts.Type, names: readonly string[]): boolean =>
      names.length === checker.getPropertiesOfType(part).length &&
      names.every((name) => checker.getPropertyOfType(part, name) !== undefined);
    return shapesOf(declared).every((shape) => parts.some((part) => has(part, fieldNames(shape))));
  };

  /**
   * The type of an adapter writes out its settings, and the schemas of its options, which have no name there: those of its own
   * folder that have the same fields.
   */
  const documentSpec = (name: string, spec: ts.TypeReferenceNode): void => {
    const at = constantsIn(program).find((each) => each.name.getText() === name);
    const settings = at && checker.getTypeAtLocation(at).getProperty('settings');
    const [shape, ...others] = spec.typeArguments ?? [];
    if (at === undefined || settings === undefined || shape === undefined) return;
    if (ts.isTypeLiteralNode(shape)) document(shape, [checker.getTypeOfSymbolAtLocation(settings, at)], at);
    const own = [...schemas.values()].flat().filter((each) => folderOf(each.at) === folderOf(at));
    const search = (node: ts.Node): void => {
      const schema = shapeOf(node) && own.find((each) => isDeclaredBy(each, node));
      if (schema === undefined) ts.forEachChild(node, search);
      else visit(node, partsOf(schema.type, checker), schema.at);
    };
    others.forEach(search);
  };

  for (const statement of file.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, type } of statement.declarationList.declarations) {
      if (type === undefined) continue;
      if (ts.isTypeReferenceNode(type) && type.typeName.getText() === 'ProviderSpec')
        documentSpec(name.getText(), type);
      const schema = schemas.get(name.getText())?.find((each) => isDeclaredBy(each, type));
      if (schema !== undefined) visit(type, partsOf(schema.type, checker), schema.at);
    }
  }
  return insertions
    .sort((left, right) => right.at - left.at)
    .reduce((text, { at, text: doc }) => text.slice(0, at) + doc + text.slice(at), declarations);
};
