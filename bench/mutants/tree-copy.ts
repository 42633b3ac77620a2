import {
  copyFile,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  unlink,
  writeFile,
} from 'node:fs/promises';
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

/** A hard link costs nothing; between two file systems there is none. */
const share = async (from: string, to: string): Promise<void> => {
  await link(from, to).catch(() => copyFile(from, to));
};

const shareTree = async (from: string, to: string): Promise<void> => {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await shareTree(source, target);
    else if (entry.isFile()) await share(source, target);
  }
};

/** Copies the tree by hard links. A file is never written through its link: that would change the original. */
export const copyTree = async (origin: string): Promise<TreeCopy> => {
  const root = await mkdtemp(join(tmpdir(), 'unicharge-mutants-'));
  for (const part of parts) {
    const isFolder = !part.includes('.');
    await (isFolder ? shareTree : share)(join(origin, part), join(root, part));
  }
  await symlink(join(origin, 'node_modules'), join(root, 'node_modules'));
  const replace = async (file: string, text: string) => {
    await unlink(join(root, file));
    await writeFile(join(root, file), text);
  };
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
