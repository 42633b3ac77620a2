import { execFile, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Where the two servers are: null where there is none on this machine. */
export interface StoreServers {
  readonly redis: string | null;
  readonly postgres: string | null;
  stop(): Promise<void>;
}

const run = promisify(execFile);

const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

const postgresBinaries = (): string | null => {
  const home = '/usr/lib/postgresql';
  const versions = existsSync(home)
    ? readdirSync(home).sort((left, right) => Number(right) - Number(left))
    : [];
  return (
    versions
      .map((version) => join(home, version, 'bin'))
      .find((folder) => existsSync(join(folder, 'initdb'))) ?? null
  );
};

/** PostgreSQL refuses to run as root, so root lends it to the user that its package made. */
const asPostgres = (program: string, words: readonly string[]) =>
  process.getuid?.() === 0
    ? run('runuser', ['-u', 'postgres', '--', program, ...words], { cwd: '/' })
    : run(program, [...words], { cwd: '/' });

const startRedis = async (folder: string): Promise<{ readonly url: string; stop(): void } | null> => {
  const port = await freePort();
  const words = [
    '--bind',
    '127.0.0.1',
    '--port',
    String(port),
    '--appendonly',
    'yes',
    '--save',
    '',
    '--dir',
    folder,
  ];
  const child = spawn('redis-server', words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ready = await new Promise<boolean>((resolve) => {
    child.on('error', () => {
      resolve(false);
    });
    child.on('exit', () => {
      resolve(false);
    });
    child.stdout.on('data', (bytes: Buffer) => {
      if (bytes.toString().includes('Ready to accept connections')) resolve(true);
    });
  });
  return ready ? { url: `redis://127.0.0.1:${port}`, stop: () => child.kill() } : null;
};

const startPostgres = async (
  folder: string,
): Promise<{ readonly url: string; stop(): Promise<void> } | null> => {
  const binaries = postgresBinaries();
  if (binaries === null) return null;
  const data = join(folder, 'postgres');
  mkdirSync(data);
  if (process.getuid?.() === 0) await run('chown', ['postgres', data]);
  const port = await freePort();
  await asPostgres(join(binaries, 'initdb'), [
    '-D',
    data,
    '-U',
    'unicharge',
    '--auth=trust',
    '--encoding=UTF8',
  ]);
  const control = join(binaries, 'pg_ctl');
  const server = `-h 127.0.0.1 -p ${port} -k ${data}`;
  // Without a log of its own the server would keep our pipe, and the wait for it would not end.
  await asPostgres(control, ['-D', data, '-w', '-l', join(data, 'log'), '-o', server, 'start']);
  return {
    url: `postgres://unicharge@127.0.0.1:${port}/postgres`,
    stop: async () => {
      await asPostgres(control, ['-D', data, '-m', 'immediate', 'stop']);
    },
  };
};

/** Those of the environment (`REDIS_URL`, `DATABASE_URL`), else servers of our own on free ports, as they are by default. */
export const startStoreServers = async (): Promise<StoreServers> => {
  const folder = mkdtempSync(join(tmpdir(), 'unicharge-bench-stores-'));
  chmodSync(folder, 0o711);
  const given = { redis: process.env['REDIS_URL'], postgres: process.env['DATABASE_URL'] };
  const redis = given.redis === undefined ? await startRedis(folder) : null;
  const postgres = given.postgres === undefined ? await startPostgres(folder) : null;
  return {
    redis: given.redis ?? redis?.url ?? null,
    postgres: given.postgres ?? postgres?.url ?? null,
    stop: async () => {
      redis?.stop();
      await postgres?.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
