import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fieldsOf, isFunction, isObject, memberOf, type Fields } from '../models/objects.js';
import { Refusal } from './refusal.js';

const load = async (address: string): Promise<Fields> => fieldsOf(await import(address));

/** A package of the merchant's project, or null where it is not installed. */
export const loadPackage = async (folder: string, name: string): Promise<Fields | null> => {
  const require = createRequire(join(folder, 'unicharge.config.js'));
  let file: string;
  try {
    file = require.resolve(name);
  } catch {
    return null;
  }
  // tsx keeps both formats beside each other, and its CommonJS one cannot load a module.
  const twin = file.replace(/\.cjs$/, '.mjs');
  const module = await load(pathToFileURL(existsSync(twin) ? twin : file).href);
  // Of a CommonJS package not every name is seen from outside.
  const inner = module['default'];
  return isObject(inner) ? { ...inner, ...module } : module;
};

/** A module of Node itself, or null where the running Node has none of this name. */
export const loadBuiltin = async (name: string): Promise<Fields | null> => {
  try {
    return await load(name);
  } catch (error) {
    if (memberOf(error, 'code') === 'ERR_UNKNOWN_BUILTIN_MODULE') return null;
    throw error;
  }
};

const names = ['ts', 'mts', 'js', 'mjs', 'cjs'].map((ending) => `unicharge.config.${ending}`);

/** The config module of the project: the one that was named, else the one that lies there; null where there is none. */
export const findConfig = (folder: string, named: string | undefined): string | null => {
  if (named === undefined)
    return names.map((name) => join(folder, name)).find((file) => existsSync(file)) ?? null;
  const file = resolve(folder, named);
  if (!existsSync(file)) throw new Refusal(`--config: there is no file ${named}.`);
  return file;
};

/** Node before 22.18 reads no TypeScript, and later ones not all of it. */
const needsCompiler = (error: unknown): boolean =>
  ['ERR_UNKNOWN_FILE_EXTENSION', 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX'].includes(
    String(memberOf(error, 'code')),
  );

/** Loads a config module, one in TypeScript through the project's own tsx where Node cannot read it. */
export const loadConfig = async (folder: string, file: string): Promise<Fields> => {
  const address = pathToFileURL(file).href;
  try {
    return await load(address);
  } catch (error) {
    if (!needsCompiler(error)) throw error;
  }
  const tsx = await loadPackage(folder, 'tsx/esm/api');
  const tsImport = tsx?.['tsImport'];
  if (!isFunction(tsImport)) {
    throw new Refusal(
      `This Node (${process.versions.node}) does not read TypeScript: take Node 22.18 or newer, install tsx in your project, or write the config in JavaScript.`,
    );
  }
  return fieldsOf(await tsImport(address, address));
};
