import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const newestIn = (folder: string): number =>
  Math.max(
    0,
    ...readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(
      (name) => statSync(join(folder, name)).mtimeMs,
    ),
  );

/** Why the build is not what the sources say, or null. Nothing is built by the bench: it measures what is there. */
export const staleness = (root: string, dist: string): string | null => {
  const entry = join(dist, 'stripe.js');
  if (!existsSync(entry)) return `${dist} holds no build: run npm run build first`;
  const built = statSync(entry).mtimeMs;
  const configured = ['tsup.config.ts', 'package-lock.json'].map(
    (name) => statSync(join(root, name)).mtimeMs,
  );
  return Math.max(newestIn(join(root, 'src')), ...configured) > built
    ? 'the build is older than the sources: run npm run build first'
    : null;
};

export const versionOf = (root: string, name: string): string => {
  const text = readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
};
