import { createHash } from 'node:crypto';
import { defineFace, type SimulatorRequest, type SimulatorResponse, type SourceKind } from '../face.js';
import { type PinDecline, testCard } from './cards.js';
import { errorResponse, PinRefusal } from './errors.js';
import { findRoute, operations } from './routes.js';
import { createState, type PinState } from './state.js';
import { pinSwitches } from './switches.js';
import { keepCard } from './vault.js';
import { pinWebhooks } from './webhook.js';

/** Settings for `createPin`. */
export interface PinSimulatorSettings {
  secretKey: string;
  baseUrl: string;
  /** The simulated account is a test account. */
  environment: 'test';
  settleMs: number;
  abandonedMs: number;
}

/** The secret key of the simulated account. */
export const pinSecretKey = 'simulatorSecretKey0000';
/** For browsers: it creates cards and payment sources, nothing else. */
export const pinPublishableKey = 'pk_simulatorPublishable0';

const holds = (request: SimulatorRequest, key: string): boolean =>
  request.headers['authorization'] === `Basic ${Buffer.from(`${key}:`).toString('base64')}`;

const answer = (state: PinState, request: SimulatorRequest): SimulatorResponse => {
  const found = findRoute(request);
  const isAllowed =
    holds(request, pinSecretKey) || (found?.route.isPublic === true && holds(request, pinPublishableKey));
  if (!isAllowed) throw new PinRefusal('unauthenticated');
  if (found === undefined) throw new PinRefusal('not_found');
  return found.route.run({ state, request, token: found.token });
};

/** The headers that stand on every answer. */
const withHeaders = (state: PinState, response: SimulatorResponse): SimulatorResponse => {
  const hash = createHash('sha256').update(state.context.ids.next('request')).digest('hex');
  const requestId = hash.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  return {
    ...response,
    headers: {
      ...response.headers,
      'content-type': 'application/json; charset=utf-8',
      'x-request-id': requestId,
    },
  };
};

const declines: Partial<Record<SourceKind, PinDecline | null>> = {
  approved: null,
  declined: 'card_declined',
  insufficient_funds: 'insufficient_funds',
  requires_3ds: null,
};

/** Pin Payments, version 1 of its API: the test host of an Australian account. */
export const pinFace = defineFace({
  switches: pinSwitches,
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
          if (!(error instanceof PinRefusal)) throw error;
          response = errorResponse(error.code, error.details);
        }
        return substitute ?? withHeaders(state, response);
      },
      failure: (kind, retryAfterSeconds) =>
        withHeaders(
          state,
          kind === 'rate_limited'
            ? errorResponse('too_many_requests', {}, { 'retry-after': String(retryAfterSeconds ?? 1) })
            : errorResponse('internal_server_error'),
        ),
      browser: {
        publishableKey: pinPublishableKey,
        serves: (request) => findRoute(request)?.route.isPublic === true,
      },
      settings: (baseUrl): PinSimulatorSettings => ({
        secretKey: pinSecretKey,
        baseUrl,
        environment: 'test' as const,
        settleMs: 50,
        abandonedMs: 50,
      }),
      // A single-use card token; the address to come back to belongs to the charge.
      source: (kind): string => {
        const decline = declines[kind];
        if (decline === undefined) {
          throw new RangeError(`Pin Payments has no source of the kind '${kind}': it charges cards only.`);
        }
        return keepCard(state, testCard(decline, kind === 'requires_3ds')).token;
      },
      webhooks: pinWebhooks(state),
    };
  },
});
