import { defineFace, type SimulatorRequest, type SimulatorResponse, type SourceKind } from '../face.js';
import { errorResponse, OmiseRefusal } from './errors.js';
import { readParameters } from './parameters.js';
import { findRoute, operations, type KeyKind } from './routes.js';
import { createState, type OmiseState } from './state.js';
import { omiseSwitches } from './switches.js';
import { addToken } from './vault.js';
import { omiseWebhooks } from './webhook.js';

/** Settings for `createOmise`. */
export interface OmiseSimulatorSettings {
  secretKey: string;
  baseUrl: string;
  settleMs: number;
  abandonedMs: number;
}

/** What `create` charges: a single-use card token, or a wallet by its inline source. */
export type OmiseSimulatorSource = string | { type: 'redirect'; method: string };

/** The keys of the simulated account. */
export const omiseSecretKey = 'skey_test_simulator0000000';
/** For the vault and for sources, in browsers and apps. */
export const omisePublicKey = 'pkey_test_simulator0000000';

const apiVersion = '2019-05-29';

const holds = (request: SimulatorRequest, key: string): boolean =>
  request.headers['authorization'] === `Basic ${Buffer.from(`${key}:`).toString('base64')}`;

const mayUse = (request: SimulatorRequest, kind: KeyKind): boolean =>
  kind === 'none' ||
  (kind !== 'public' && holds(request, omiseSecretKey)) ||
  (kind !== 'secret' && holds(request, omisePublicKey));

const answer = (state: OmiseState, request: SimulatorRequest): SimulatorResponse => {
  const found = findRoute(request);
  if (!mayUse(request, found?.route.key ?? 'either')) throw new OmiseRefusal('authentication_failure');
  if (found === undefined) throw new OmiseRefusal('not_found', 'the requested endpoint was not found');
  const version = request.headers['omise-version'];
  if (version !== undefined && version !== apiVersion) {
    throw new OmiseRefusal('bad_request', `the simulator speaks API version ${apiVersion} only`);
  }
  return found.route.run({ state, parameters: readParameters(request), ids: found.ids });
};

const cardNumbers: Partial<Record<SourceKind, string>> = {
  approved: '4242424242424242',
  declined: '4111111111110014',
  insufficient_funds: '4111111111140011',
  requires_3ds: '4242424242424242',
};

/** Omise in its API version 2019-05-29: a Thai test account, with the vault on the same origin. */
export const omiseFace = defineFace({
  switches: omiseSwitches,
  create: (context, switches) => {
    const state = createState(context, switches);
    return {
      operations,
      operationOf: (request) => findRoute(request)?.route.operation ?? 'unknown',
      handle: (request, substitute) => {
        let response: SimulatorResponse;
        try {
          response = answer(state, request);
        } catch (error) {
          if (!(error instanceof OmiseRefusal)) throw error;
          response = errorResponse(error.code, error.message);
        }
        return substitute ?? response;
      },
      failure: (kind, retryAfterSeconds) =>
        kind === 'rate_limited'
          ? errorResponse('too_many_requests', undefined, { 'retry-after': String(retryAfterSeconds ?? 1) })
          : errorResponse(switches.serverErrorAs),
      browser: {
        publishableKey: omisePublicKey,
        serves: (request) => ['public', 'either'].includes(findRoute(request)?.route.key ?? 'secret'),
      },
      settings: (baseUrl): OmiseSimulatorSettings => ({
        secretKey: omiseSecretKey,
        baseUrl,
        settleMs: 50,
        abandonedMs: 50,
      }),
      source: (kind): OmiseSimulatorSource => {
        if (kind === 'redirect') return { type: 'redirect', method: 'alipay_cn' };
        const number = cardNumbers[kind];
        if (number === undefined) throw new RangeError(`Omise has no source of the kind '${kind}'.`);
        const details = { name: 'A TESTER', month: 12, year: 2099, city: null, postalCode: null };
        return addToken(state, number, details, { challenge: kind === 'requires_3ds' }).id;
      },
      webhooks: omiseWebhooks(state),
    };
  },
});
