import ts from 'typescript';

/** Members that say nothing new, or that come from what a type extends, and private ones, which nobody outside can name. */
const isLanguage = (name: string): boolean =>
  name.startsWith('__') ||
  name.startsWith('#') ||
  ['toString', 'toJSON', 'then', 'catch', 'finally'].includes(name);

/** The parts of a type that has members: of a union each. A type may be put together from several by `&`. */
const objectsIn = (type: ts.Type): readonly ts.Type[] =>
  (type.isUnion() ? type.types : [type]).filter(
    (each) => (each.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0,
  );

/** Whether the package declares a member itself. */
const isOurs = (member: ts.Symbol, folder: string): boolean =>
  member.declarations?.some((declaration) => declaration.getSourceFile().fileName.startsWith(folder)) ??
  false;

/**
 * The fields and methods of exported types for which an editor shows no docstring, as `Type.field`, read from the declarations
 * in `folder`, as an editor reads them.
 */
export const undocumentedMembers = (folder: string, files: readonly string[]): string[] => {
  const program = ts.createProgram([...files], {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    strict: true,
    skipLibCheck: true,
    types: [],
  });
  const checker = program.getTypeChecker();
  const declared = ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias | ts.SymbolFlags.Class;
  const found = files.flatMap((file) => {
    const source = program.getSourceFile(file);
    const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
    if (module === undefined) throw new Error(`${file} exports nothing`);
    return checker.getExportsOfModule(module).flatMap((exported) => {
      const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0;
      const symbol = isAlias ? checker.getAliasedSymbol(exported) : exported;
      if ((symbol.flags & declared) === 0) return [];
      return objectsIn(checker.getDeclaredTypeOfSymbol(symbol))
        .flatMap((type) => checker.getPropertiesOfType(type))
        .filter((member) => !isLanguage(member.name) && isOurs(member, folder))
        .filter((member) => ts.displayPartsToString(member.getDocumentationComment(checker)) === '')
        .map((member) => `${exported.name}.${member.name}`);
    });
  });
  return [...new Set(found)].sort();
};
