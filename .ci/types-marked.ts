/** The declarations of an entry, in which every exported name that is no value of the entry is marked as a type. */
export const withTypesMarked = (declarations: string, values: ReadonlySet<string>): string =>
  declarations.replaceAll(/^export \{([^}]*)\}/gm, (_, names: string) => {
    const marked = names.split(',').map((each) => {
      const name = each.trim();
      const exported = name.split(/\s+as\s+/).at(-1) ?? name;
      return name === '' || name.startsWith('type ') || values.has(exported) ? name : `type ${name}`;
    });
    return `export { ${marked.filter((name) => name !== '').join(', ')} }`;
  });
