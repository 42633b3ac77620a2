import {
  defineFace,
  type SimulatorRequest,
  type SimulatorResponse,
  type SourceKind,
  jsonResponse,
} from '../face.js';
import { accountHeaderOf, createAccessTokens, justifiCredentials, justifiSubAccounts } from './accounts.js';
import { errorResponse, JustifiRefusal, leavesOpen, notFound, serverError } from './errors.js';
import { createIdempotencyKeys, type Execution } from './idempotency.js';
import { readBody, readQuery } from './parameters.js';
import { addPaymentMethod } from './payment-methods.js';
import { findRoute, operations, isTokenRequest, type Route } from './routes.js';
import { createState } from './state.js';
import { justifiSwitches } from './switches.js';
import { justifiWebhooks } from './webhook.js';

/** Settings for `createJustifi`. */
export interface JustifiSimulatorSettings {
  clientId: string;
  clientSecret: string;
  subAccount: string;
  baseUrl: string;
  settleMs: number;
  abandonedMs: number;
}

const cardNumbers: Partial<Record<SourceKind, string>> = {
  approved: '4242424242424242',
  declined: '4000000000000002',
  insufficient_funds: '4000000000009995',
};

/** JustiFi as published in 2026: a platform with four sub accounts, all in test mode. */
export const justifiFace = defineFace({
  switches: justifiSwitches,
  create: (context, switches) => {
    const state = createState(context, switches);
    const tokens = createAccessTokens(context, switches);
    const keys = createIdempotencyKeys(() => context.now(), switches);

    const refused = (error: unknown): { refusal: JustifiRefusal; response: SimulatorResponse } => {
      if (!(error instanceof JustifiRefusal)) throw error;
      return { refusal: error, response: errorResponse(error, switches.errorBody) };
    };

    const execute = (
      request: SimulatorRequest,
      { route, id }: { route: Route; id: string },
      substitute: SimulatorResponse | undefined,
    ): Execution => {
      let happened: SimulatorResponse;
      let isServerError = substitute !== undefined;
      try {
        happened = route.run({
          state,
          id,
          body: readBody(request),
          query: readQuery(request),
          account: accountHeaderOf(request, switches),
        });
      } catch (error) {
        const { refusal, response } = refused(error);
        happened = response;
        isServerError ||= leavesOpen(refusal);
      }
      return { happened, answered: substitute ?? happened, isServerError };
    };

    const answer = (request: SimulatorRequest, substitute?: SimulatorResponse): SimulatorResponse => {
      if (isTokenRequest(request)) {
        const issued = jsonResponse(200, tokens.issue(readBody(request)));
        return substitute ?? issued;
      }
      tokens.check(request.headers['authorization']);
      const found = findRoute(request);
      if (found === undefined) throw notFound();
      const { hasKey, replayStatus } = found.route;
      if (!hasKey) return execute(request, found, substitute).answered;
      return keys.once(request, () => execute(request, found, substitute), replayStatus);
    };

    return {
      operations,
      operationOf: (request) =>
        isTokenRequest(request) ? 'token' : (findRoute(request)?.route.operation ?? 'unknown'),
      handle: (request, substitute) => {
        let response: SimulatorResponse;
        try {
          response = answer(request, substitute);
        } catch (error) {
          const { response: refusal } = refused(error);
          response = substitute ?? refusal;
        }
        response.headers['request-id'] = context.ids.next('req_', 22);
        return response;
      },
      hold: (request) => (findRoute(request)?.route.hasKey === true ? keys.hold(request) : () => undefined),
      failure: (kind, retryAfterSeconds) =>
        kind === 'rate_limited'
          ? errorResponse(new JustifiRefusal(429, 'gateway_rate_limit_error'), switches.errorBody, {
              'retry-after': String(retryAfterSeconds ?? 1),
            })
          : errorResponse(serverError(switches), switches.errorBody),
      // Its web components get a token of the merchant's server instead.
      browser: null,
      settings: (baseUrl): JustifiSimulatorSettings => ({
        ...justifiCredentials,
        subAccount: justifiSubAccounts.shop,
        baseUrl,
        settleMs: 50,
        abandonedMs: 50,
      }),
      source: (kind): string => {
        const number = cardNumbers[kind];
        if (number === undefined) {
          throw new RangeError(
            `JustiFi has no source of the kind '${kind}': no 3-D Secure and no redirects.`,
          );
        }
        const card = { name: 'A Tester', number, verification: '123', month: '12', year: '2099' };
        // Good in every sub account, so that tests need not say which one they mean.
        return addPaymentMethod(state, { card: { ...card, address_postal_code: '55555' } }, null).id;
      },
      webhooks: justifiWebhooks(state),
    };
  },
});
