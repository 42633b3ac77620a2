import { inspectClient, inspectionKey, isInspectable, type Inspection } from '../calls/inspection.js';
import type { OperationStore } from '../models/operation-store.js';
import { Secret } from '../models/secret.js';
import { storeFailureReason } from '../stores/failure.js';
import type { ChargesClient } from '../charges-client.js';
import { isFunction, isObject, type Fields } from '../models/objects.js';
import type { StoreChoice } from './command-line.js';
import { openers, type Opened, type StoreConnection } from './open-store.js';
import { findConfig, loadConfig } from './project.js';
import { couldNotWork, notUnderstood, Refusal } from './refusal.js';

/** A client of the config module. */
export interface ConfiguredClient {
  /** What the config calls it; its provider where it has no name. */
  readonly name: string;
  readonly client: Pick<ChargesClient, 'supports' | 'list'>;
  readonly inspection: Inspection;
}

/** What a command works with. */
export interface Surroundings {
  /** Every store that is known, each once. */
  readonly stores: readonly OperationStore[];
  readonly connection: StoreConnection | null;
  readonly clients: readonly ConfiguredClient[];
  /** What may appear in messages of drivers and has to be masked. */
  readonly secrets: readonly Secret[];
  close(): Promise<void>;
}

/** The address and its password, which a driver may repeat in what it throws. */
const secretsOf = (url: string): Secret[] => {
  try {
    const { password } = new URL(url);
    return [url, password, decodeURIComponent(password)]
      .filter((text) => text !== '')
      .map((text) => new Secret(text));
  } catch {
    return [new Secret(url)];
  }
};

/** Why a server or a module failed, in one line without secrets. */
export const failureWords = (error: unknown, secrets: readonly Secret[]): string =>
  storeFailureReason(error, secrets);

const asRefusal = (what: string, error: unknown, secrets: readonly Secret[]): Refusal =>
  error instanceof Refusal ? error : new Refusal(`${what} (${failureWords(error, secrets)})`, couldNotWork);

const readClients = (exported: unknown): ConfiguredClient[] => {
  if (!isObject(exported)) {
    throw new Refusal(
      'The config has to export clients: an object or a list of clients, or a function that gives one. Its default export is not read.',
    );
  }
  const isNamed = !Array.isArray(exported);
  return withRoutes(
    Object.entries(exported).map(([name, client]) => {
      if (!isInspectable(client)) {
        throw new Refusal(
          `The config's clients hold something at ${name} that is no client: give what createStripe, createRouter and their kin return, not a copy.`,
        );
      }
      const inspection = client[inspectionKey];
      return { name: isNamed ? name : inspection.provider, client, inspection };
    }),
  );
};

/** The clients of the config, and those below its routers: a router works with them, and their records are open, too. */
export const withRoutes = (named: readonly ConfiguredClient[]): ConfiguredClient[] => {
  const all = [...named];
  for (const { name, inspection } of all) {
    for (const route of inspection.routes ?? []) {
      if (all.some(({ client }) => client === route.client)) continue;
      const below = inspectClient(route.client);
      if (below === null) {
        throw new Refusal(
          `The route ${route.name} of ${name} holds something that is no client: give what createStripe and its kin return, not a copy.`,
        );
      }
      all.push({ name: `${name}/${route.name}`, client: route.client, inspection: below });
    }
  }
  return all;
};

const connectionOf = (config: Fields, choice: StoreChoice): StoreConnection | null => {
  const { postgres, redis, sqlite } = config;
  const { schema, tablePrefix } = choice;
  if (isObject(postgres)) return { kind: 'postgres', pool: postgres, schema, tablePrefix };
  if (isObject(redis)) return { kind: 'redis', client: redis };
  if (isObject(sqlite)) return { kind: 'sqlite', database: sqlite, tablePrefix };
  return null;
};

const withinConfig = async <Result>(
  secrets: readonly Secret[],
  run: () => Promise<Result>,
): Promise<Result> => {
  try {
    return await run();
  } catch (error) {
    throw asRefusal('The config could not be loaded', error, secrets);
  }
};

interface Places {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Which address is meant: the option, else the environment where no config tells. */
const addressOf = (
  choice: StoreChoice,
  { environment }: Places,
  hasConfig: boolean,
): { readonly kind: StoreConnection['kind']; readonly url: string } | null => {
  if (choice.postgres !== undefined) return { kind: 'postgres', url: choice.postgres };
  if (choice.redis !== undefined) return { kind: 'redis', url: choice.redis };
  if (choice.sqlite !== undefined) return { kind: 'sqlite', url: choice.sqlite };
  if (hasConfig) return null;
  const databaseUrl = environment['DATABASE_URL'] ?? '';
  const redisUrl = environment['REDIS_URL'] ?? '';
  if (databaseUrl !== '' && redisUrl !== '') {
    throw new Refusal(
      'DATABASE_URL and REDIS_URL are both set: say which store is meant with --postgres or --redis.',
      notUnderstood,
    );
  }
  if (databaseUrl !== '') return { kind: 'postgres', url: databaseUrl };
  return redisUrl === '' ? null : { kind: 'redis', url: redisUrl };
};

/** Opens what the command line, the project and the environment name. */
export const openSurroundings = async (
  choice: StoreChoice,
  places: Places,
  { wantsClients }: { readonly wantsClients: boolean },
): Promise<Surroundings> => {
  // Whoever only reads records has perhaps no key, and a config that makes clients would refuse.
  const isNamed =
    (choice.postgres ?? choice.redis ?? choice.sqlite) !== undefined && choice.config === undefined;
  const file = !wantsClients && isNamed ? null : findConfig(places.folder, choice.config);
  const address = addressOf(choice, places, file !== null);
  // A file has no password, and its name is the best part of a message.
  const secrets = address === null || address.kind === 'sqlite' ? [] : secretsOf(address.url);
  const closing: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    await Promise.allSettled(closing.splice(0).map((end) => end()));
  };
  try {
    let opened: Opened | null = null;
    if (address !== null) {
      const open = openers[address.kind];
      opened = await open(places.folder, address.url, choice).catch((error: unknown) => {
        throw asRefusal('The store could not be opened', error, secrets);
      });
      closing.push(() => opened?.close() ?? Promise.resolve());
    }
    const config: Fields =
      file === null ? {} : await withinConfig(secrets, () => loadConfig(places.folder, file));
    const { close: closeConfig, clients: exported } = config;
    if (isFunction(closeConfig)) closing.push(() => Promise.resolve().then(() => closeConfig()));
    const clients = file === null ? [] : await withinConfig(secrets, () => loadClients(exported, opened));
    const own = clients.flatMap(({ inspection: { store } }) => (store === null ? [] : [store]));
    const stores = opened === null ? [...new Set(own)] : [opened.store];
    return {
      stores,
      connection: opened?.connection ?? connectionOf(config, choice),
      clients,
      secrets,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};

const loadClients = async (exported: unknown, opened: Opened | null): Promise<ConfiguredClient[]> => {
  if (!isFunction(exported)) return readClients(exported);
  if (opened === null) {
    throw new Refusal(
      "The config's clients is a function that wants a store: say which with --postgres, --redis or --sqlite.",
      notUnderstood,
    );
  }
  return readClients(await exported({ store: opened.store }));
};
