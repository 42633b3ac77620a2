import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Server as SocketServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createSecureServer } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../../src/simulator/simulator.js';
import { untrusted } from './certificate.js';

const program = fileURLToPath(new URL('behind-a-proxy-program.ts', import.meta.url));
const processMs = 180_000;

let simulator: Simulator;
let secure: SocketServer;
let proxy: Server;
let folder: string;
let tunnels: string[];

const portOf = (server: SocketServer): number => (server.address() as AddressInfo).port;
const listen = (server: SocketServer): Promise<void> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

const open: Socket[] = [];

/** Bytes in both directions, until one side ends. */
const pipeBoth = (near: Socket, far: Socket): void => {
  for (const end of [near, far]) {
    end.on('error', () => undefined);
    open.push(end);
  }
  near.pipe(far).pipe(near);
};

beforeAll(async () => {
  simulator = await startSimulator({ providers: ['stripe'] });
  // The provider behind TLS, with a certificate of a private authority.
  secure = createSecureServer(untrusted, (socket) => {
    const { hostname, port } = new URL(simulator.url('stripe'));
    pipeBoth(socket, connect(Number(port), hostname));
  });
  proxy = createServer();
  proxy.on('connect', (request, socket) => {
    tunnels.push(request.url ?? '');
    const target = connect(portOf(secure), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      pipeBoth(socket as Socket, target);
    });
  });
  await Promise.all([listen(secure), listen(proxy)]);
  folder = await mkdtemp(join(tmpdir(), 'unicharge-proxy-'));
  await writeFile(join(folder, 'ca.pem'), untrusted.cert);
});
beforeEach(() => {
  tunnels = [];
});
afterAll(async () => {
  for (const socket of open) socket.destroy();
  secure.close();
  proxy.close();
  await simulator.close();
  await rm(folder, { recursive: true, force: true });
});

/** What a process is told that charges once in this environment. */
const chargeIn = (environment: Record<string, string>, own: { proxy?: number } = {}): Promise<string> =>
  new Promise((resolve, reject) => {
    const work = {
      secretKey: simulator.settings('stripe').secretKey,
      baseUrl: `https://localhost:${portOf(secure)}`,
      source: simulator.source('stripe', 'approved'),
      ...own,
    };
    const words = ['--import', 'tsx', program, JSON.stringify(work)];
    const env = { PATH: process.env['PATH'], ...environment };
    execFile(process.execPath, words, { env }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout.trim());
      else reject(new Error(stderr));
    });
  });

const trusting = (): Record<string, string> => ({ NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') });

describe('a client behind a proxy', () => {
  it(
    'trusts a private authority by NODE_EXTRA_CA_CERTS, and sends nothing without it',
    async () => {
      const before = simulator.requests().length;
      expect(await chargeIn({})).toBe('not_sent');
      expect(simulator.requests()).toHaveLength(before);
      expect(await chargeIn(trusting())).toBe('captured');
    },
    processMs,
  );

  it(
    'goes through the tunnel of an agent of its own, which trusts the same authority',
    async () => {
      expect(await chargeIn(trusting(), { proxy: portOf(proxy) })).toBe('captured');
      expect([...new Set(tunnels)]).toEqual([`localhost:${portOf(secure)}`]);
    },
    processMs,
  );

  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const knowsProxies = major > 24 || (major === 24 && minor >= 5) || (major === 22 && minor >= 21);

  it.runIf(knowsProxies)(
    'goes through HTTPS_PROXY with NODE_USE_ENV_PROXY, and past it to what NO_PROXY names',
    async () => {
      const way = {
        NODE_USE_ENV_PROXY: '1',
        HTTPS_PROXY: `http://127.0.0.1:${portOf(proxy)}`,
        ...trusting(),
      };
      expect(await chargeIn(way)).toBe('captured');
      expect([...new Set(tunnels)]).toEqual([`localhost:${portOf(secure)}`]);
      tunnels = [];
      expect(await chargeIn({ ...way, NO_PROXY: 'localhost' })).toBe('captured');
      expect(tunnels).toEqual([]);
    },
    processMs,
  );

  it.runIf(!knowsProxies)(
    'goes past HTTPS_PROXY on a Node that does not know it',
    async () => {
      const way = {
        NODE_USE_ENV_PROXY: '1',
        HTTPS_PROXY: `http://127.0.0.1:${portOf(proxy)}`,
        ...trusting(),
      };
      expect(await chargeIn(way)).toBe('captured');
      expect(tunnels).toEqual([]);
    },
    processMs,
  );
});
