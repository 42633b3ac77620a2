import { execFile } from 'node:child_process';
import { posix } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { exists, textOf } from './source-tree.js';

/** What somebody reads who has only installed the package: every page that a page of the tarball links to has to be in it. */

let files: ReadonlySet<string>;
let pages: readonly string[];

beforeAll(async () => {
  const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--ignore-scripts', '--json']);
  const listed = JSON.parse(stdout) as [{ files: { path: string }[] }];
  files = new Set(listed[0].files.map(({ path }) => path));
  pages = [...files].filter((path) => path.endsWith('.md'));
});

/** Prose alone: code may hold brackets of its own. */
const proseOf = (page: string): string => textOf(page).replace(/^```[\s\S]*?^```/gm, '');

/** The anchor that a heading gets, as npm and GitHub make it. */
const anchorOf = (heading: string): string =>
  heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

const anchorsOf = (page: string): ReadonlySet<string> =>
  new Set([...proseOf(page).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => anchorOf(heading)));

/** The relative links of a page: the file that each names, and the heading in it. */
const linksOf = (page: string) =>
  [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z][a-z\d+.-]*:/.test(target))
    .map((target) => {
      const [path = '', anchor = ''] = target.split('#');
      return { target, file: path === '' ? page : posix.join(posix.dirname(page), path), anchor };
    });

describe('the pages of the tarball', () => {
  it('are the README, the changelog, the docs and what they link to', () => {
    expect(pages).toEqual(
      expect.arrayContaining(['README.md', 'CHANGELOG.md', 'docs/errors.md', 'docs/providers/stripe.md']),
    );
    expect(pages.flatMap(linksOf).length).toBeGreaterThan(50);
  });

  it('link only to files of the tarball', () => {
    const isThere = (file: string) =>
      files.has(file) || [...files].some((each) => each.startsWith(`${file}/`));
    const dead = pages.flatMap((page) =>
      linksOf(page)
        .filter(({ file }) => !isThere(file))
        .map(({ target }) => `${page}: ${target}`),
    );
    expect(dead).toEqual([]);
  });

  it('link only to headings that stand there', () => {
    const dead = pages.flatMap((page) =>
      linksOf(page)
        .filter(({ file, anchor }) => anchor !== '' && exists(file) && !anchorsOf(file).has(anchor))
        .map(({ target }) => `${page}: ${target}`),
    );
    expect(dead).toEqual([]);
  });
});

describe('the addresses of the manifest', () => {
  it('are all of one repository, which npm resolves the relative links against', () => {
    const address = packageJson.repository.url.replace(/^git\+/, '').replace(/\.git$/, '');
    expect(packageJson.homepage).toBe(`${address}#readme`);
    expect(packageJson.bugs.url).toBe(`${address}/issues`);
  });
});
