import js from '@eslint/js';
import nodePlugin from 'eslint-plugin-n';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const axiosElsewhere = {
  name: 'axios',
  message: 'Only src/transport imports axios; everything else sends through it.',
};

export default defineConfig(
  globalIgnores(['dist', 'coverage', 'node_modules', 'test/package']),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['eslint.config.js'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'object-shorthand': 'error',
      'prefer-template': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'Use a union of string literals instead of an enum.' },
        { selector: 'ExportDefaultDeclaration', message: 'Use a named export.' },
        {
          selector: "ImportDeclaration[source.value='zod'] > ImportSpecifier",
          message: "Write `import * as z from 'zod'`: the named export keeps all of zod in a bundle.",
        },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Method syntax is deliberate: a narrow client must fit the wide interface.
      '@typescript-eslint/method-signature-style': 'off',
      '@typescript-eslint/unbound-method': 'off',
      // An interface over one inferred type gives it a name that declarations keep, where an alias is written out.
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      '@typescript-eslint/unified-signatures': 'off',
      // Node's own streams and emitters are classes that their declarations fit only structurally.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // Generic parameters that appear once carry the operation's name through to the caller's types.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
    },
  },
  {
    files: ['src/**/*.ts'],
    plugins: { n: nodePlugin },
    settings: { node: { version: '>=20.0.0' } },
    rules: {
      'max-lines': ['error', { max: 300 }],
      'n/no-unsupported-features/node-builtins': 'error',
      'n/no-unsupported-features/es-builtins': 'error',
      'n/no-deprecated-api': 'error',
      'n/prefer-node-protocol': 'error',
      'n/no-extraneous-import': 'error',
      '@typescript-eslint/no-restricted-imports': ['error', { paths: [axiosElsewhere] }],
    },
  },
  {
    files: ['src/transport/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': 'off',
    },
  },
  {
    // Programs, not library code: they talk to a terminal.
    files: ['examples/**/*.ts', 'bench/**/*.ts', '.ci/**/*.ts', 'test/**/*-program.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      // Tests ask on purpose what the types rule out, and judge foreign SDKs that have none.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['*.config.ts', '*.config.js'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['**/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
  },
);
