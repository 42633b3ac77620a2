import { createRouter } from '../../src/router/index.js';
import { searchExhaustively, type SearchOptions, type SearchResult } from '../simulate/exhaustive.js';
import { openSmall, type Depth, type Scene } from '../simulate/schedule.js';
import { smallProvider } from '../simulate/small-provider.js';

/** How the first of two providers answers; the second one approves. */
export const firstAnswers = ['approves', 'declines', 'pending', 'requires_action'] as const;
export type FirstAnswer = (typeof firstAnswers)[number];

const hosts = ['first.test', 'second.test'] as const;

/** A router over two providers without keys, in two processes with one store. */
const twoRoutes = (first: FirstAnswer): Scene => ({
  open: (parts) => {
    const router = createRouter(
      {
        store: parts.store,
        routes: hosts.map((host) => {
          const [name = ''] = host.split('.');
          const settings = { baseUrl: `https://${host}`, namespace: name };
          return { name, client: openSmall(smallProvider, parts, settings) };
        }),
        cascade: { declines: ['generic_decline'] },
        health: { minimum: 1, restMs: 60_000 },
        deadlineMs: 120_000,
      },
      { runtime: parts.runtime },
    );
    return {
      create: (key) => router.create({ amount: 100, currency: 'EUR' }, { idempotencyKey: key }),
      reconcile: (key) => router.reconcile(key),
    };
  },
  outcomeAt: (host) => {
    if (host !== hosts[0] || first === 'approves') return {};
    return first === 'declines' ? { declined: true } : { waiting: first };
  },
  refuses: true,
});

export interface RouteSearchOptions extends Pick<SearchOptions, 'everyOrder' | 'tell'> {
  readonly answers?: readonly FirstAnswer[];
}

export interface RouteSearch extends SearchResult {
  readonly first: FirstAnswer;
}

/**
 * Visits every schedule of two processes with one key over two routes, for each way in which the first provider answers: every
 * order of their steps, every death, every lost or refused message, up to a depth.
 */
export const searchRoutes = async (
  depth: Depth,
  limit: number,
  stopAtFirst: boolean,
  { answers = firstAnswers, ...options }: RouteSearchOptions = {},
): Promise<readonly RouteSearch[]> => {
  const searches: RouteSearch[] = [];
  for (const first of answers) {
    const scene = twoRoutes(first);
    const result = await searchExhaustively({ depth, limit, stopAtFirst, scene, ...options });
    searches.push({ first, ...result });
    if (stopAtFirst && result.failures.length > 0) break;
  }
  return searches;
};
