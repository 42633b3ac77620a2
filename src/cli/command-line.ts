import { parseArgs } from 'node:util';
import { nearestName } from '../models/nearest-name.js';
import type { FaultOrder } from '../simulator/faults.js';
import { usageOf, commandNames, overview, type CommandName } from './usage.js';

/** Which store is meant, where the config module does not say. */
export interface StoreChoice {
  readonly postgres?: string | undefined;
  readonly redis?: string | undefined;
  /** The name of a file. */
  readonly sqlite?: string | undefined;
  readonly schema?: string | undefined;
  readonly tablePrefix?: string | undefined;
  readonly prefix?: string | undefined;
  readonly config?: string | undefined;
}

/** A fault by its words: the simulator knows the names. */
export type FaultWords = Omit<FaultOrder, 'fault'> & { readonly fault: string };

/** What `unicharge simulator` is told. */
export interface SimulatorWords {
  /** Port 0 takes free ones. */
  readonly port: number;
  readonly webhooks: readonly { readonly provider: string; readonly url: string }[];
  readonly faults: readonly FaultWords[];
  readonly json: boolean;
}

/** What the words on the command line ask for. */
export type Command =
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'version' }
  | { readonly kind: 'refused'; readonly message: string; readonly help: string }
  | { readonly kind: 'demo' }
  | ({ readonly kind: 'simulator' } & SimulatorWords)
  | {
      readonly kind: 'pending';
      readonly store: StoreChoice;
      readonly json: boolean;
      readonly scopes: readonly string[];
    }
  | {
      readonly kind: 'reconcile';
      readonly store: StoreChoice;
      readonly json: boolean;
      readonly waitMs: number;
    }
  | { readonly kind: 'doctor'; readonly store: StoreChoice; readonly json: boolean };

const text = { type: 'string' } as const;
const texts = { type: 'string', multiple: true } as const;
const flag = { type: 'boolean' } as const;
const storeOptions = {
  postgres: text,
  redis: text,
  sqlite: text,
  schema: text,
  'table-prefix': text,
  prefix: text,
  config: text,
  json: flag,
};
const help = { help: { type: 'boolean', short: 'h' } } as const;

const options = {
  pending: { ...help, ...storeOptions, scope: texts },
  reconcile: { ...help, ...storeOptions, wait: text },
  doctor: { ...help, ...storeOptions },
  demo: help,
  simulator: { ...help, port: text, webhook: texts, fault: texts, json: flag },
} as const;

/** What `parseArgs` tells of a word on the command line. */
type WordToken =
  | {
      readonly kind: 'option';
      readonly name: string;
      readonly rawName: string;
      readonly value: string | undefined;
      readonly inlineValue: boolean | undefined;
    }
  | { readonly kind: 'positional' | 'option-terminator' };

type Values = Readonly<Record<string, unknown>>;

const textIn = (values: Values, name: string): string | undefined => {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
};

const listIn = (values: Values, name: string): string[] => {
  const value = values[name];
  return Array.isArray(value) ? value.map(String) : [];
};

class Misunderstood extends Error {}

const readStore = (values: Values): StoreChoice => {
  const postgres = textIn(values, 'postgres');
  const redis = textIn(values, 'redis');
  const sqlite = textIn(values, 'sqlite');
  if ([postgres, redis, sqlite].filter((each) => each !== undefined).length > 1)
    throw new Misunderstood('Take one store: --postgres, --redis or --sqlite.');
  for (const [name, value, schemes] of [
    ['--postgres', postgres, /^postgres(?:ql)?:\/\//],
    ['--redis', redis, /^rediss?:\/\//],
  ] as const) {
    // The address holds a password: it is never repeated.
    if (value !== undefined && !schemes.test(value))
      throw new Misunderstood(`${name} takes an address that begins with ${name.slice(2)}://.`);
  }
  const [schema, tablePrefix] = [textIn(values, 'schema'), textIn(values, 'table-prefix')];
  const prefix = textIn(values, 'prefix');
  if ((redis ?? sqlite) !== undefined && schema !== undefined)
    throw new Misunderstood('--schema belongs to --postgres.');
  if (redis !== undefined && tablePrefix !== undefined)
    throw new Misunderstood('--table-prefix belongs to --postgres and --sqlite.');
  if ((postgres ?? sqlite) !== undefined && prefix !== undefined)
    throw new Misunderstood('--prefix belongs to --redis.');
  return { postgres, redis, sqlite, schema, tablePrefix, prefix, config: textIn(values, 'config') };
};

const unitsMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

const readWait = (given: string | undefined): number => {
  if (given === undefined) return 0;
  const match = /^(\d{1,6})([smh])$/.exec(given);
  if (match === null) throw new Misunderstood('--wait takes a time such as 30s, 20m or 1h.');
  return Number(match[1]) * (unitsMs[match[2] ?? ''] ?? 0);
};

const readPort = (port = '0'): number => {
  if (!/^\d+$/.test(port) || Number(port) > 65_000)
    throw new Misunderstood('--port takes a number from 0 to 65000.');
  return Number(port);
};

const readWebhook = (given: string): { provider: string; url: string } => {
  const match = /^([a-z]+)=(https?:\/\/\S+)$/.exec(given);
  if (match === null)
    throw new Misunderstood(
      '--webhook takes <provider>=<address>, such as stripe=http://127.0.0.1:3000/hooks.',
    );
  return { provider: match[1] ?? '', url: match[2] ?? '' };
};

/** `<provider>:<operation>=<fault>*<times>`; operation and times may be left out. */
const readFault = (given: string): FaultWords => {
  const match = /^([a-z]+)(?::([a-z_0-9]+))?=([a-z_]+)(?:\*([1-9]\d{0,8}))?$/.exec(given);
  if (match === null) {
    throw new Misunderstood(
      '--fault takes <provider>:<operation>=<fault>, such as stripe:create=cut_after_commit, and *<times> after it.',
    );
  }
  const [, provider, operation, fault = '', times = '1'] = match;
  return { provider, operation, fault, times: Number(times) };
};

const isCommand = (name: string): name is CommandName => commandNames.some((each) => each === name);

/** Refuses options that the command does not have, and values that are missing or too many. */
const checkOptions = (
  tokens: readonly WordToken[],
  known: Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>,
): void => {
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const { name, rawName, value, inlineValue } = token;
    const option = Object.hasOwn(known, name) ? known[name] : undefined;
    if (option === undefined) {
      // What looks like an address may hold a password.
      const shown = /^[\w-]{1,40}$/.test(rawName) ? ` ${rawName}` : ' of this name';
      const nearest = nearestName(name, Object.keys(known));
      throw new Misunderstood(
        `There is no option${shown}.${nearest === null ? '' : ` Did you mean --${nearest}?`}`,
      );
    }
    // A word that begins with a dash is the next option, unless it follows an equals sign.
    const isMissing = value === undefined || (inlineValue === false && value.startsWith('-'));
    if (option.type === 'string' && isMissing) throw new Misunderstood(`${rawName} needs a value.`);
    if (option.type === 'boolean' && value !== undefined)
      throw new Misunderstood(`${rawName} takes no value.`);
  }
};

const readOptions = (name: CommandName, words: readonly string[]): Command => {
  const read = parseArgs({
    args: [...words],
    options: options[name],
    allowPositionals: true,
    // The sentences of strict mode are about its own rules.
    strict: false,
    tokens: true,
  });
  checkOptions(read.tokens, options[name]);
  const values: Values = read.values;
  if (values['help'] === true) return { kind: 'help', text: usageOf(name) };
  const [surplus] = read.positionals;
  if (surplus !== undefined) {
    // What looks like an address may hold a password.
    const shown = /^[\w-]+$/.test(surplus) ? `: ${surplus}` : '';
    throw new Misunderstood(`Unexpected argument${shown}.`);
  }
  const json = values['json'] === true;
  switch (name) {
    case 'pending':
      return { kind: name, store: readStore(values), json, scopes: listIn(values, 'scope') };
    case 'reconcile':
      return { kind: name, store: readStore(values), json, waitMs: readWait(textIn(values, 'wait')) };
    case 'doctor':
      return { kind: name, store: readStore(values), json };
    case 'demo':
      return { kind: name };
    case 'simulator':
      return {
        kind: name,
        port: readPort(textIn(values, 'port')),
        webhooks: listIn(values, 'webhook').map(readWebhook),
        faults: listIn(values, 'fault').map(readFault),
        json,
      };
  }
};

const commandMeant = (word: string): string => {
  const nearest = nearestName(word, commandNames);
  return nearest === null ? `Known are ${commandNames.join(', ')}.` : `Did you mean ${nearest}?`;
};

const seeHelp = (name?: CommandName): string =>
  `See unicharge${name === undefined ? '' : ` ${name}`} --help.`;

/** Reads the arguments after the program's name. */
export const readCommand = (words: readonly string[]): Command => {
  const [first = '', ...rest] = words;
  if (first === '--help' || first === '-h' || first === 'help') {
    const [about = ''] = rest;
    return { kind: 'help', text: isCommand(about) ? usageOf(about) : overview };
  }
  if (first === '--version' || first === '-v') return { kind: 'version' };
  if (!isCommand(first)) {
    const message =
      first === '' || first.startsWith('-')
        ? 'The command comes first.'
        : `There is no command '${first}'. ${commandMeant(first)}`;
    return { kind: 'refused', message, help: first === '' ? overview : seeHelp() };
  }
  try {
    return readOptions(first, rest);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { kind: 'refused', message, help: seeHelp(first) };
  }
};
