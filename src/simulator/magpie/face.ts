import {
  defineFace,
  type SimulatorRequest,
  type SimulatorResponse,
  type SourceKind,
  type SourceOptions,
} from '../face.js';
import { errorResponse, MagpieRefusal, refusalResponse } from './errors.js';
import { findRoute, operations, type KeyKind } from './routes.js';
import { addSource, makeCard, type SourceRedirect } from './sources.js';
import { createState, type MagpieState } from './state.js';
import { magpieSwitches } from './switches.js';
import { magpieWebhooks } from './webhook.js';

/** Settings for `createMagpie`. */
export interface MagpieSimulatorSettings {
  secretKey: string;
  platform: 'magpie';
  baseUrl: string;
  settleMs: number;
  abandonedMs: number;
}

/** For charges. */
export const magpieSecretKey = 'sk_test_simulator0000000000';
/** For sources, in browsers and apps. */
export const magpiePublicKey = 'pk_test_simulator0000000000';

const holds = (request: SimulatorRequest, key: string): boolean =>
  request.headers['authorization'] === `Basic ${Buffer.from(`${key}:`).toString('base64')}`;

const checkKey = (state: MagpieState, request: SimulatorRequest, kind: KeyKind): void => {
  if (request.headers['authorization'] === undefined) throw new MagpieRefusal(401, 'Not authenticated');
  const isSecret = holds(request, magpieSecretKey);
  if (!isSecret && !holds(request, magpiePublicKey)) throw new MagpieRefusal(401, 'Invalid API key');
  if (kind !== 'either' && isSecret !== (kind === 'secret')) {
    throw new MagpieRefusal(state.switches.wrongKeyKindStatus, "API key doesn't have permissions");
  }
};

const answer = (state: MagpieState, request: SimulatorRequest): SimulatorResponse => {
  const found = findRoute(request);
  if (found === undefined) throw new MagpieRefusal(404, 'Not Found');
  if (found.documentedPath !== null && state.switches.trailingSlash === 'redirected') {
    const query = request.query === '' ? '' : `?${request.query}`;
    const location = `${state.context.origin()}${found.documentedPath}${query}`;
    return { status: 307, headers: { location }, body: '' };
  }
  if (found.route === undefined) throw new MagpieRefusal(405, 'Method Not Allowed');
  checkKey(state, request, found.route.key);
  return found.route.run({ state, request, id: found.id });
};

const cardNumbers: Partial<Record<SourceKind, string>> = {
  approved: '4242424242424242',
  declined: '4000000000000002',
  insufficient_funds: '4000000000009995',
  requires_3ds: '4242424242424242',
};

const makeSource = (state: MagpieState, kind: SourceKind, { returnUrl }: SourceOptions): string => {
  const redirect: SourceRedirect = {
    success: returnUrl ?? 'https://shop.example/success',
    fail: returnUrl ?? 'https://shop.example/fail',
    notify: null,
  };
  if (kind === 'redirect') return addSource(state, { type: 'gcash', card: null, redirect }).id;
  const number = cardNumbers[kind];
  if (number === undefined) throw new RangeError(`Magpie has no source of the kind '${kind}'.`);
  const challenge = kind === 'requires_3ds';
  const card = makeCard(state, number, { name: 'A TESTER', expMonth: '12', expYear: '2099', challenge });
  const vaulted = state.switches.vaultedSources && !challenge;
  return addSource(state, { type: 'card', card, redirect, vaulted }).id;
};

/** The v2 API of Magpie and Zip: a Philippine test account without idempotency keys. */
export const magpieFace = defineFace({
  switches: magpieSwitches,
  create: (context, switches) => {
    const state = createState(context, switches);
    const numbered = (response: SimulatorResponse): SimulatorResponse => ({
      ...response,
      headers: { ...response.headers, 'request-id': context.ids.nextLowerCase('req_', 20) },
    });
    return {
      operations,
      operationOf: (request) => findRoute(request)?.route?.operation ?? 'unknown',
      handle: (request, substitute) => {
        let response: SimulatorResponse;
        try {
          response = answer(state, request);
        } catch (error) {
          response = refusalResponse(switches, error);
        }
        return substitute ?? numbered(response);
      },
      failure: (kind, retryAfterSeconds) =>
        numbered(
          kind === 'rate_limited'
            ? errorResponse(switches, 429, 'Too Many Requests', null, {
                'retry-after': String(retryAfterSeconds ?? 1),
              })
            : errorResponse(switches, 500, 'Internal Server Error'),
        ),
      browser: {
        publishableKey: magpiePublicKey,
        serves: (request) => ['public', 'either'].includes(findRoute(request)?.route?.key ?? 'secret'),
      },
      settings: (baseUrl): MagpieSimulatorSettings => ({
        secretKey: magpieSecretKey,
        platform: 'magpie',
        baseUrl,
        settleMs: 50,
        abandonedMs: 50,
      }),
      source: (kind, options): string => makeSource(state, kind, options),
      webhooks: magpieWebhooks(state),
    };
  },
});
