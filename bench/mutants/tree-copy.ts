import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';

/** A tree beside the working one, in which files may be changed. */
export interface TreeCopy {
  readonly root: string;
  /** Puts another text in the place of a file, runs the work, and puts the file back. */
  withText<Result>(file: string, text: string, work: () => Promise<Result>): Promise<Result>;
  remove(): Promise<void>;
}

const parts = [
  'src',
  'test',
  'bench',
  'examples',
  'docs',
  'README.md',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
  'tsup.config.ts',
];

const copyFolder = async (from: string, to: string): Promise<void> => {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyFolder(source, target);
    else if (entry.isFile()) await copyFile(source, target);
  }
};

/** Copies the tree; only the modules are shared. No links to files: who edits the tree meanwhile would edit the copy, too. */
export const copyTree = async (origin: string): Promise<TreeCopy> => {
  const root = await mkdtemp(join(tmpdir(), 'unicharge-mutants-'));
  for (const part of parts) {
    const isFolder = !part.includes('.');
    await (isFolder ? copyFolder : copyFile)(join(origin, part), join(root, part));
  }
  await symlink(join(origin, 'node_modules'), join(root, 'node_modules'));
  const replace = (file: string, text: string) => writeFile(join(root, file), text);
  return {
    root,
    withText: async (file, text, work) => {
      const original = await readFile(join(root, file), 'utf8');
      await replace(file, text);
      try {
        return await work();
      } finally {
        await replace(file, original);
      }
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
};

/** The texts of all TypeScript files below a folder, by their path in the tree. */
export const textsIn = async (root: string, folder: string): Promise<ReadonlyMap<string, string>> => {
  const texts = new Map<string, string>();
  for (const entry of await readdir(join(root, folder), { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
    const path = join(entry.parentPath, entry.name);
    texts.set(relative(root, path).split(sep).join('/'), await readFile(path, 'utf8'));
  }
  return texts;
};
