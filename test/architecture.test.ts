import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { version } from '../src/version.js';
import { commands, entries } from '../tsup.config.js';
import {
  exists,
  filesIn,
  foldersIn,
  importsOf,
  nodesOf,
  placeOf,
  textOf,
  topLevelNames,
  wordsOf,
  type Import,
} from './source-tree.js';

const isTypeScript = (file: string): boolean => file.endsWith('.ts');
const source = filesIn('src').filter(isTypeScript);
const everyFile = filesIn('src', 'test', 'examples', 'bench');
const code = everyFile.filter((file) => isTypeScript(file) && !file.startsWith('test/package/'));
const providers = foldersIn('src/providers');
const imports = source.flatMap(importsOf);
const show = ({ from, specifier }: Import): string => `${from} imports ${specifier}`;

/**
 * The rooms of the house from the cellar up. A file may import from its own room and from those below it.
 * Two names in one row are neighbours: they may know each other.
 */
const rooms = [
  ['src/runtime.ts', 'src/version.ts'],
  ['src/models/'],
  ['src/errors.ts', 'src/errors/'],
  [
    'src/connection.ts',
    'src/provider.ts',
    'src/operation-values.ts',
    'src/wire-messages.ts',
    'src/webhook-spec.ts',
    'src/charges-client.ts',
    'src/event-listeners.ts',
    'src/log-events.ts',
    'src/options.ts',
    'src/settings.ts',
    'src/paginate.ts',
  ],
  ['src/transport/'],
  ['src/stores/'],
  ['src/calls/'],
  ['src/writes/'],
  ['src/webhooks/'],
  ['src/create-charges-client.ts', 'src/adapter/'],
  ['src/providers/', 'src/router/', 'src/opentelemetry/', 'src/index.ts', 'src/models.ts'],
  ['src/simulator/'],
  ['src/testing/'],
  ['src/cli/'],
];
const roomOf = (file: string): number =>
  rooms.findIndex((names) =>
    names.some((name) => (name.endsWith('/') ? file.startsWith(name) : file === name)),
  );

/** The one program among the sources that charges at every provider. */
const demo = 'src/cli/demo.ts';
const providerOf = (file: string): string | undefined => /^src\/providers\/([^/]+)\//.exec(file)?.[1];
/** It is run and never imported: what it needs beside the library is bundled into it. */
const inCommand = (file: string): boolean => file.startsWith('src/cli/');
const inSimulator = (file: string): boolean => file.startsWith('src/simulator/');

describe('the rooms of the source', () => {
  it('hold every file', () => {
    expect(source.filter((file) => roomOf(file) === -1)).toEqual([]);
  });

  it('are imported one way, from the top down', () => {
    const upward = imports.filter(({ from, target }) => target !== null && roomOf(target) > roomOf(from));
    expect(upward.map(show)).toEqual([]);
  });

  it('have no file that needs itself, however far the way round', () => {
    const needs = new Map<string, string[]>();
    for (const { from, target, typeOnly } of imports) {
      if (target !== null && !typeOnly) needs.set(from, [...(needs.get(from) ?? []), target]);
    }
    const finished = new Set<string>();
    const cycles: string[] = [];
    const visit = (file: string, path: string[]): void => {
      if (path.includes(file)) {
        cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
        return;
      }
      if (finished.has(file)) return;
      for (const next of needs.get(file) ?? []) visit(next, [...path, file]);
      finished.add(file);
    };
    for (const file of source) visit(file, []);
    expect(cycles).toEqual([]);
  });

  it('import only files that exist, by their full name', () => {
    const broken = imports.filter(({ target }) => target !== null && !exists(target));
    expect(broken.map(show)).toEqual([]);
  });

  it('take nothing from outside but axios, uuid, zod and Node itself, the command its colours, and telemetry its peer', () => {
    const foreign = imports.filter(
      ({ from, packageName }) =>
        packageName !== null &&
        !['axios', 'uuid', 'zod'].includes(packageName) &&
        !(packageName === 'picocolors' && inCommand(from)) &&
        // An optional peer: whoever imports that entry has it.
        !(packageName === '@opentelemetry/api' && from.startsWith('src/opentelemetry/')) &&
        !packageName.startsWith('node:'),
    );
    expect(foreign.map(show)).toEqual([]);
  });

  it('have one importer of axios, in the transport', () => {
    const importers = new Set(
      imports.filter(({ packageName }) => packageName === 'axios').map(({ from }) => from),
    );
    expect([...importers].filter((file) => !file.startsWith('src/transport/'))).toEqual([]);
    expect(importers.size).toBeLessThanOrEqual(1);
    if (exists('src/transport/send.ts')) expect(importers.size).toBe(1);
  });

  it('make ids in the runtime alone', () => {
    const importers = imports.filter(({ packageName }) => packageName === 'uuid').map(({ from }) => from);
    expect(importers.filter((file) => file !== 'src/runtime.ts')).toEqual([]);
  });

  it('name a provider only in its own folder, in the simulator and in the command', () => {
    const names = new Set(providers);
    // The secret number of a card, not the provider.
    const otherMeanings = new Set(['incorrect_pin']);
    const isNamed = (node: ts.Node): node is ts.Identifier | ts.StringLiteralLike | ts.TemplateLiteralToken =>
      ts.isIdentifier(node) || ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node);
    const slips = source
      .filter((file) => providerOf(file) === undefined && !inSimulator(file) && !inCommand(file))
      .flatMap((file) => nodesOf(file, isNamed))
      .filter(({ text }) => !otherMeanings.has(text) && wordsOf(text).some((word) => names.has(word)))
      .map((node) => `${placeOf(node)}: ${node.text}`);
    expect(slips).toEqual([]);
  });
});

describe('a provider', () => {
  it('never imports another provider', () => {
    const crossing = imports.filter(({ from, target }) => {
      const [own, other] = [providerOf(from), target === null ? undefined : providerOf(target)];
      return own !== undefined && other !== undefined && own !== other;
    });
    expect(crossing.map(show)).toEqual([]);
  });

  it('is a folder, never a file beside the folders', () => {
    const loose = source.filter(
      (file) => file.startsWith('src/providers/') && providerOf(file) === undefined,
    );
    expect(loose).toEqual([]);
  });

  it('has the same files as every other', () => {
    const required = ['index.ts', 'provider.ts', 'wire.ts', 'params.ts', 'charge.ts', 'errors.ts'];
    if (source.some((file) => /^src\/providers\/[^/]+\/webhook\.ts$/.test(file))) required.push('webhook.ts');
    const missing = providers.flatMap((provider) =>
      required.map((file) => `src/providers/${provider}/${file}`).filter((file) => !exists(file)),
    );
    expect(missing).toEqual([]);
  });

  const onKit = providers.filter((provider) =>
    imports.some(
      ({ from, target }) => providerOf(from) === provider && target === 'src/adapter/define-adapter.ts',
    ),
  );

  it('that stands on the kit has no other files than the others, but for facts that there are many of', () => {
    expect(onKit).toEqual(providers);
    const usual = ['index', 'provider', 'wire', 'params', 'charge', 'errors', 'webhook'];
    const further = [
      'authorization',
      'codes',
      'currency',
      'dispute',
      'extras',
      'next-action',
      'payment-method',
      'search',
    ];
    // Two APIs stand behind one id: what an id names, what is found before a write, and how much really went back.
    const ofStripe = ['amounts', 'changes', 'options', 'payment', 'refunds'];
    const others = onKit.flatMap((provider) => {
      const names = [...usual, ...further, ...(provider === 'stripe' ? ofStripe : [])];
      const files = new Set(names.map((name) => `src/providers/${provider}/${name}.ts`));
      return filesIn(`src/providers/${provider}`).filter((file) => !files.has(file));
    });
    expect(others).toEqual([]);
  });

  it('that stands on the kit has no copy of a rule that the kit holds', () => {
    // What the kit makes of facts: statuses with their money, the stamp, params with options, cursors, signatures, failures.
    const held =
      /\b(?:standing|noMoney|refundTotal(?:Of)?|stampMetadata|foreignCursor|defineProvider|checkSignature|defaultAdvice|(?:create|update|list|search|capture|refund)ParamsSchema)\b/;
    const copies = source
      .filter((file) => onKit.includes(providerOf(file) ?? ''))
      .flatMap((file) => nodesOf(file, ts.isImportSpecifier))
      .filter((name) => held.test((name.propertyName ?? name.name).text));
    expect(copies.map((name) => `${placeOf(name)}: ${name.getText()}`)).toEqual([]);
  });

  it('that stands on the kit is tested by what it answers, not by how its files are cut', () => {
    const asked = everyFile
      .filter((file) => file.startsWith('test/') && isTypeScript(file))
      .flatMap(importsOf)
      .filter(({ target }) => target !== null && onKit.includes(providerOf(target) ?? ''))
      .filter(({ target }) => !/\/(?:index|provider)\.ts$/.test(target ?? ''));
    expect(asked.map(show)).toEqual([]);
  });

  it('is not known to the root entry, the stores and the conformance kit', () => {
    const knowing = imports.filter(
      ({ from, target }) =>
        from !== demo &&
        providerOf(from) === undefined &&
        target !== null &&
        providerOf(target) !== undefined,
    );
    expect(knowing.map(show)).toEqual([]);
  });
});

describe('the simulator', () => {
  it('shares nothing with the library but the runtime', () => {
    const shared = imports.filter(
      ({ from, target, packageName }) =>
        inSimulator(from) &&
        (target !== null
          ? !inSimulator(target) && target !== 'src/runtime.ts'
          : packageName !== null && !packageName.startsWith('node:')),
    );
    expect(shared.map(show)).toEqual([]);
  });
});

describe('time, waiting, randomness and ids', () => {
  const globals = new Set(['setTimeout', 'setInterval', 'setImmediate']);
  const members = new Set([
    'Date.now',
    'Math.random',
    'performance.now',
    'process.hrtime',
    'process.uptime',
    'AbortSignal.timeout',
  ]);
  const generators = new Set(['randomUUID', 'randomBytes', 'randomInt', 'getRandomValues']);
  const timerModules = new Set(['node:timers', 'node:timers/promises', 'node:perf_hooks']);
  // What runs in virtual time, or is a pure function of what it is given.
  const virtual = source.filter(
    (file) => file !== 'src/runtime.ts' && (!file.startsWith('src/testing/') || inSimulator(file)),
  );

  const isGlobalUse = (node: ts.Node): node is ts.Node => {
    if (ts.isNewExpression(node)) {
      const isDate = ts.isIdentifier(node.expression) && node.expression.text === 'Date';
      return isDate && (node.arguments ?? []).length === 0;
    }
    if (ts.isPropertyAccessExpression(node)) {
      const written = node.getText();
      return members.has(written.replace(/^globalThis\./, '')) || generators.has(node.name.text);
    }
    if (ts.isImportSpecifier(node)) return generators.has((node.propertyName ?? node.name).text);
    if (ts.isIdentifier(node) && globals.has(node.text)) {
      const { parent } = node;
      const isMemberOfOther =
        ts.isPropertyAccessExpression(parent) &&
        parent.name === node &&
        parent.expression.getText() !== 'globalThis';
      const isName =
        (ts.isPropertyAssignment(parent) || ts.isMethodDeclaration(parent) || ts.isMethodSignature(parent)) &&
        parent.name === node;
      return !isMemberOfOther && !isName;
    }
    return false;
  };

  it('come through the runtime', () => {
    const uses = virtual.flatMap((file) => nodesOf(file, isGlobalUse));
    expect(uses.map((node) => `${placeOf(node)}: ${node.getText()}`)).toEqual([]);
    const timers = imports.filter(
      ({ from, packageName }) =>
        virtual.includes(from) && packageName !== null && timerModules.has(packageName),
    );
    expect(timers.map(show)).toEqual([]);
  });
});

describe('files', () => {
  it('of the source have at most 300 lines', () => {
    const long = source
      .map((file) => ({ file, lines: textOf(file).trimEnd().split('\n').length }))
      .filter(({ lines }) => lines > 300)
      .map(({ file, lines }) => `${file}: ${String(lines)} lines`);
    expect(long).toEqual([]);
  });

  it('and folders are named in kebab-case', () => {
    const kebab = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.test|\.test-d|\.config|\.d)?$/;
    const odd = code.filter((file) =>
      file
        .replace(/\.ts$/, '')
        .split('/')
        .some((part) => !kebab.test(part)),
    );
    expect(odd).toEqual([]);
  });

  it('are named for what they do', () => {
    const vague = new Set(['util', 'utils', 'utilities', 'helper', 'helpers', 'common', 'misc', 'shared']);
    const named = everyFile.filter((file) =>
      file.split(/[/.-]/).some((part) => vague.has(part.toLowerCase())),
    );
    expect(named).toEqual([]);
  });

  it('have no default export', () => {
    const isDefault = (node: ts.Node): node is ts.Node =>
      ts.isExportAssignment(node) ||
      node.kind === ts.SyntaxKind.DefaultKeyword ||
      (ts.isExportSpecifier(node) && node.name.text === 'default');
    const inExport = (node: ts.Node): boolean => !ts.isDefaultClause(node.parent);
    const found = code.flatMap((file) => nodesOf(file, isDefault)).filter(inExport);
    expect(found.map(placeOf)).toEqual([]);
  });

  it('have no enum', () => {
    expect(code.flatMap((file) => nodesOf(file, ts.isEnumDeclaration)).map(placeOf)).toEqual([]);
  });

  it('import zod as a namespace, so that a bundle keeps only what it uses', () => {
    const byName = source
      .flatMap((file) => nodesOf(file, ts.isImportDeclaration))
      .filter(({ moduleSpecifier }) => ts.isStringLiteral(moduleSpecifier) && moduleSpecifier.text === 'zod')
      .filter(({ importClause }) => {
        const bindings = importClause?.namedBindings;
        return importClause?.name !== undefined || bindings === undefined || !ts.isNamespaceImport(bindings);
      });
    expect(byName.map(placeOf)).toEqual([]);
  });
});

describe('the package', () => {
  const exported = Object.keys(packageJson.exports).filter((name) => name !== './package.json');

  it('exports exactly what is built', () => {
    const built = Object.keys(entries).map((name) => (name === 'index' ? '.' : `./${name}`));
    expect(exported.toSorted()).toEqual(built.toSorted());
  });

  it('points each export at the files of its own entry, types first', () => {
    const { './package.json': manifest, ...points } = packageJson.exports;
    expect(manifest).toBe('./package.json');
    for (const [name, point] of Object.entries(points)) {
      const file = `./dist/${name === '.' ? 'index' : name.slice(2)}`;
      expect(JSON.stringify(point)).toBe(
        JSON.stringify({
          import: { types: `${file}.d.ts`, default: `${file}.js` },
          require: { types: `${file}.d.cts`, default: `${file}.cjs` },
        }),
      );
    }
  });

  it('has an entry for every provider and store, and no entry that is something else', () => {
    // A store with a server is a file, and what it is made of lies in the folder of its name.
    const stores = foldersIn('src/stores').map((name) => [name, `src/stores/${name}.ts`] as const);
    const expected = Object.fromEntries([
      ...providers.map((name) => [name, `src/providers/${name}/index.ts`] as const),
      ...stores,
    ]);
    expect(entries).toMatchObject(expected);
    for (const [name, file] of Object.entries(entries)) {
      const homes = [
        `src/${name}.ts`,
        `src/${name}/index.ts`,
        `src/providers/${name}/index.ts`,
        `src/stores/${name}.ts`,
      ];
      expect(homes).toContain(file);
    }
  });

  it('runs the commands that are built', () => {
    const built = Object.keys(commands).map((name) => `dist/${name}.js`);
    expect(Object.values(packageJson.bin)).toEqual(built);
  });

  it('tells providers its own version', () => {
    expect(version).toBe(packageJson.version);
  });

  it('depends on axios, uuid and zod alone', () => {
    expect(Object.keys(packageJson.dependencies).toSorted()).toEqual(['axios', 'uuid', 'zod']);
    const optional = Object.entries(packageJson.peerDependenciesMeta).filter(([, meta]) => meta.optional);
    expect(optional.map(([name]) => name)).toEqual(Object.keys(packageJson.peerDependencies));
  });
});

describe('the repository', () => {
  it('has nothing in its top folder but what belongs there', () => {
    const folders = ['src', 'test', 'examples', 'bench', 'docs', 'api', '.ci', '.github'];
    const pages = ['README.md', 'LICENSE', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md'];
    const settings = [
      'package.json',
      'package-lock.json',
      'tsconfig.json',
      'tsup.config.ts',
      'vitest.config.ts',
      'eslint.config.js',
      'knip.json',
      '.size-limit.json',
      '.prettierrc.json',
      '.prettierignore',
      '.gitignore',
      '.gitattributes',
      '.editorconfig',
      '.npmrc',
    ];
    const known = new Set([...folders, ...pages, ...settings]);
    expect(topLevelNames().filter((name) => !known.has(name))).toEqual([]);
  });

  const texts = filesIn('.').filter((file) =>
    /\.(?:ts|js|mjs|cjs|json|md|ya?ml|sh|html)$|^\.ci\//.test(file),
  );
  const self = 'test/architecture.test.ts';

  it('knows no machine of its authors and no registry but the public one', () => {
    const foreign = [
      /(?<![\w.])\/(?:work|root|home\/\w+|Users\/\w+)\//,
      /\.\.\/shared\//,
      /"resolved": "(?!https:\/\/registry\.npmjs\.org\/)/,
      /^registry\s*=/m,
    ];
    const slips = texts
      .filter((file) => file !== self)
      .filter((file) => foreign.some((pattern) => pattern.test(textOf(file))));
    expect(slips).toEqual([]);
  });

  it('links to no page that it does not have', () => {
    // Signatures, as in api/, have brackets of their own.
    const dead = texts
      .filter((file) => file.endsWith('.md') && !file.startsWith('api/'))
      .flatMap((file) =>
        [...textOf(file).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)].map((match) => ({
          file,
          link: match[1] ?? '',
        })),
      )
      .filter(({ file, link }) => !exists(`${file.replace(/[^/]*$/, '')}${link}`));
    expect(dead).toEqual([]);
  });

  it('has no comment that sends the reader to a page that is not here', () => {
    const dead = texts
      .filter((file) => file !== self && !file.endsWith('.md'))
      .flatMap((file) =>
        [...textOf(file).matchAll(/(?<![\w./:-])[\w./-]*[\w-]\.md\b/g)].map((match) => ({
          file,
          page: match[0],
        })),
      )
      .filter(({ file, page }) => {
        // What npm packs has to be named, also in a checkout that lacks it.
        if (page === 'README.md') return false;
        const places = [page, `docs/${page}`, `${file.replace(/[^/]*$/, '')}${page}`];
        return !places.some((place) => exists(place));
      });
    expect(dead).toEqual([]);
  });

  it('has no test that is skipped, focused or only promised', () => {
    // A test that needs a server says so with runIf, and CI has every server.
    const marks = /\b(?:it|test|describe)(?:\.\w+)*\.(?:skip|only|todo|fails)\b|\b[xf](?:it|describe)\(/;
    const marked = filesIn('test')
      .filter(isTypeScript)
      .filter((file) => marks.test(textOf(file)) && file !== self);
    expect(marked).toEqual([]);
  });
});
