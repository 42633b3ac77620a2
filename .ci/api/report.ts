import { layOut } from './print.js';
import { readSurfaces, type EntryPoint, type Surface } from './surface.js';

const list = (names: readonly string[]): string =>
  names[0]?.startsWith('*') ? names[0] : `{ ${names.join(', ')} }`;

const lines = (word: string, from: ReadonlyMap<string, readonly string[]>): string[] =>
  [...from].map(([specifier, names]) => `${word} ${list(names)} from '${specifier}';`);

const codeOf = ({ reexported, imported, exported, inner }: Surface): string => {
  const sections = [
    lines('import', imported).join('\n'),
    lines('export', reexported).join('\n'),
    ...exported.map((text) => text.replaceAll(/^(?=declare |interface |type )/gm, 'export ')),
    ...(inner.length > 0 ? ['// Not exported, but named by signatures above or in other reports.'] : []),
    ...inner,
  ];
  return sections.filter((text) => text !== '').join('\n\n');
};

const pageOf = async (surface: Surface): Promise<string> =>
  [
    `# ${surface.specifier}`,
    '',
    'Written by `npm run api`. A declaration stands in the report of the first entry that has it; the other reports name it.',
    '',
    '```ts',
    (await layOut(codeOf(surface))).trim(),
    '```',
    '',
  ].join('\n');

/** The report of each entry, by the name of the entry: `index`, `stripe`. */
export const makeReports = async (entries: readonly EntryPoint[]): Promise<ReadonlyMap<string, string>> => {
  const pages = new Map<string, string>();
  for (const surface of readSurfaces(entries)) {
    pages.set(surface.specifier.split('/')[1] ?? 'index', await pageOf(surface));
  }
  return pages;
};

/** Where the reports that are checked in are not those of the build, one line for each entry. */
export const differencesOf = (
  checkedIn: ReadonlyMap<string, string>,
  built: ReadonlyMap<string, string>,
): string[] =>
  [...new Set([...checkedIn.keys(), ...built.keys()])].sort().flatMap((name) => {
    const before = checkedIn.get(name)?.split('\n');
    const now = built.get(name)?.split('\n');
    if (before === undefined) return [`${name} is missing`];
    if (now === undefined) return [`${name} is no entry of the build`];
    const at = Array.from({ length: Math.max(before.length, now.length) }, (_, index) => index).find(
      (index) => before[index] !== now[index],
    );
    if (at === undefined) return [];
    return [`${name}, line ${at + 1}, has "${before[at] ?? ''}" where the build has "${now[at] ?? ''}"`];
  });
