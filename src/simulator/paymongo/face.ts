import { defineFace, type SimulatorRequest, type SimulatorResponse, type SourceKind } from '../face.js';
import { errorResponse, PaymongoRefusal, refusalResponse } from './errors.js';
import { createIdempotencyKeys } from './idempotency.js';
import { addMethod } from './methods.js';
import { findRoute, operations } from './routes.js';
import { createState } from './state.js';
import { paymongoSwitches } from './switches.js';
import { paymongoWebhooks } from './webhook.js';

/** Settings for `createPaymongo`. */
export interface PaymongoSimulatorSettings {
  secretKey: string;
  paymentMethodAllowed: string[];
  baseUrl: string;
  settleMs: number;
  abandonedMs: number;
}

/** For charges. */
export const paymongoSecretKey = 'sk_test_simulator0000000000';
/** For payment methods and sources, in browsers and apps. */
export const paymongoPublicKey = 'pk_test_simulator0000000000';

const holds = (request: SimulatorRequest, key: string): boolean =>
  request.headers['authorization'] === `Basic ${Buffer.from(`${key}:`).toString('base64')}`;

const checkKey = (request: SimulatorRequest, isPublic: boolean): void => {
  if (holds(request, paymongoSecretKey) || (isPublic && holds(request, paymongoPublicKey))) return;
  throw new PaymongoRefusal(401, 'api_key_invalid', 'The API key is missing, wrong, or not for this.');
};

const cardNumbers: Partial<Record<SourceKind, string>> = {
  approved: '4343434343434345',
  declined: '4111111111111111',
  insufficient_funds: '5100000000000198',
  requires_3ds: '4120000000000007',
};

/** PayMongo v1: a test account that may hold cards for a later capture. */
export const paymongoFace = defineFace({
  switches: paymongoSwitches,
  create: (context, switches) => {
    const state = createState(context, switches);
    const keys = createIdempotencyKeys(() => context.now(), switches);

    const answer = (request: SimulatorRequest, substitute?: SimulatorResponse): SimulatorResponse => {
      const found = findRoute(request);
      // A route that nobody knows is a 404 without a body.
      if (found === undefined) return { status: 404, headers: {}, body: '' };
      const { route, id } = found;
      checkKey(request, route.isPublic);
      const execute = (): SimulatorResponse => {
        let happened: SimulatorResponse;
        try {
          happened = route.run({ state, request, id });
        } catch (error) {
          happened = refusalResponse(error);
        }
        return substitute ?? happened;
      };
      return route.creates ? keys.once(request, execute) : execute();
    };

    return {
      operations,
      operationOf: (request) => findRoute(request)?.route.operation ?? 'unknown',
      handle: (request, substitute) => {
        try {
          return answer(request, substitute);
        } catch (error) {
          return substitute ?? refusalResponse(error);
        }
      },
      hold: (request) => (findRoute(request)?.route.creates === true ? keys.hold(request) : () => undefined),
      failure: (kind, retryAfterSeconds) =>
        kind === 'rate_limited'
          ? errorResponse(new PaymongoRefusal(429, 'rate_limited', 'Too many requests.'), {
              'retry-after': String(retryAfterSeconds ?? 1),
            })
          : errorResponse(new PaymongoRefusal(500, 'internal_error', 'Something went wrong on our end.')),
      browser: {
        publishableKey: paymongoPublicKey,
        serves: (request) => findRoute(request)?.route.isPublic === true,
      },
      settings: (baseUrl): PaymongoSimulatorSettings => ({
        secretKey: paymongoSecretKey,
        paymentMethodAllowed: ['card', 'gcash', 'grab_pay', 'paymaya'],
        baseUrl,
        settleMs: 50,
        abandonedMs: 50,
      }),
      source: (kind): string => {
        if (kind === 'redirect') return addMethod(state, 'gcash', null).id;
        const number = cardNumbers[kind];
        if (number === undefined) throw new RangeError(`PayMongo has no source of the kind '${kind}'.`);
        return addMethod(state, 'card', number).id;
      },
      webhooks: paymongoWebhooks(state),
    };
  },
});
