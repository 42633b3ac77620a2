import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** The part of a CPU profile that is read. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: {
      readonly functionName: string;
      readonly url: string;
      readonly lineNumber: number;
    };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const benchItself = 'the bench itself';

/** The source file of every line of a bundle: the build leaves a comment at the head of each. */
const sourcesOf = (text: string): readonly string[] => {
  let current = '';
  return text.split('\n').map((line) => {
    current = /^\/\/ ((?:src|node_modules)\/\S+)$/.exec(line)?.[1] ?? current;
    return current;
  });
};

/** `src/calls/call.ts` is of the room `src/calls`, and a file of a package is of the package. */
const roomOf = (file: string): string => {
  if (file.includes('/node_modules/.cache/')) return benchItself;
  const packaged = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];
  if (packaged !== undefined) return packaged;
  const room = /src\/(?:providers\/)?[^/]+/.exec(file)?.[0];
  return room === undefined ? benchItself : room.replace(/\.ts$/, '');
};

const moduleOfNode = (url: string): string =>
  /http|net|stream|timers|tls|_tick|task_queues|async_hooks|event|buffer|url|dns|agent/.test(url)
    ? 'Node: http, sockets, streams, promises'
    : /crypto/.test(url)
      ? 'Node: crypto'
      : 'Node: other modules';

/** The share of every room in a profile. Idle time is left out. */
export const sharesOf = async (file: string): Promise<ReadonlyMap<string, number>> => {
  const profile = JSON.parse(await readFile(file, 'utf8')) as CpuProfile;
  const bundles = new Map<string, readonly string[]>();
  const placeOf = async ({ callFrame }: CpuProfile['nodes'][number]): Promise<string | null> => {
    const { functionName, url, lineNumber } = callFrame;
    if (functionName === '(idle)' || functionName === '(root)') return null;
    if (url === '')
      return functionName === '(garbage collector)' ? 'garbage collector' : 'V8 and system calls';
    if (url.startsWith('node:')) return moduleOfNode(url);
    if (!url.startsWith('file:')) return benchItself;
    const path = fileURLToPath(url);
    if (!/\/dist\/[^/]+\.js$/.test(path) || path.includes('node_modules')) return roomOf(path);
    const lines = bundles.get(path) ?? sourcesOf(await readFile(path, 'utf8'));
    bundles.set(path, lines);
    return roomOf(lines[lineNumber] ?? '');
  };
  const places = new Map<number, string | null>();
  for (const node of profile.nodes) places.set(node.id, await placeOf(node));
  const times = new Map<string, number>();
  let total = 0;
  profile.samples.forEach((id, index) => {
    const place = places.get(id) ?? null;
    const time = profile.timeDeltas[index] ?? 0;
    if (place === null || time < 0) return;
    times.set(place, (times.get(place) ?? 0) + time);
    total += time;
  });
  return new Map([...times].map(([place, time]) => [place, time / total]));
};
