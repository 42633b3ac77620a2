import { createHash } from 'node:crypto';
import { hasMethod, refuseOptions } from '../../options.js';

/** The part of an ioredis client or cluster that is used. */
export interface IoredisLike {
  /** Runs a Lua script; the first `numberOfKeys` of the values are its keys. */
  eval(script: string, numberOfKeys: number, ...values: string[]): Promise<unknown>;
  /** The same for a script that the server knows, by its SHA-1 digest. */
  evalsha(digest: string, numberOfKeys: number, ...values: string[]): Promise<unknown>;
}

/** The part of a node-redis client, pool or cluster that is used. */
export interface NodeRedisLike {
  /** Runs a Lua script with its keys and arguments. */
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  /** The same for a script that the server knows, by its SHA-1 digest. */
  evalSha(digest: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

/** A connected client of either library. */
export type RedisClientLike = IoredisLike | NodeRedisLike;

/** A Lua script and the name by which the server knows it once it has run. */
export interface RedisScript {
  readonly text: string;
  readonly digest: string;
}

/** Runs one script with its keys and arguments. */
export type RunScript = (
  script: RedisScript,
  keys: readonly string[],
  values: readonly string[],
) => Promise<unknown>;

export const redisScript = (text: string): RedisScript => ({
  text,
  // SHA-1 is Redis' own name for a script, not a safeguard.
  digest: createHash('sha1').update(text).digest('hex'),
});

const isNodeRedis = (client: RedisClientLike): client is NodeRedisLike =>
  hasMethod(client, 'evalSha') && hasMethod(client, 'eval');

const isIoredis = (client: RedisClientLike): client is IoredisLike =>
  hasMethod(client, 'evalsha') && hasMethod(client, 'eval');

/** The server was restarted, failed over or flushed its scripts: it has to be sent the text once more. */
const isUnknownScript = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith('NOSCRIPT');

const withFallback = async (
  byDigest: () => Promise<unknown>,
  byText: () => Promise<unknown>,
): Promise<unknown> => {
  try {
    return await byDigest();
  } catch (error) {
    if (!isUnknownScript(error)) throw error;
    return byText();
  }
};

/** Scripts through whichever client it is, told apart by their methods. */
export const connectScripts = (client: RedisClientLike): RunScript => {
  if (isNodeRedis(client)) {
    return (script, keys, values) => {
      const options = { keys: [...keys], arguments: [...values] };
      return withFallback(
        () => client.evalSha(script.digest, options),
        () => client.eval(script.text, options),
      );
    };
  }
  if (isIoredis(client)) {
    return (script, keys, values) =>
      withFallback(
        () => client.evalsha(script.digest, keys.length, ...keys, ...values),
        () => client.eval(script.text, keys.length, ...keys, ...values),
      );
  }
  return refuseOptions(
    'redisStore',
    'the client must be one of ioredis or node-redis, not an address or its options',
  );
};
