import {
  defineFace,
  type FaceContext,
  jsonResponse,
  type SimulatorRequest,
  type SimulatorResponse,
  type SourceKind,
} from '../face.js';
import { decodeForm, fieldIn } from '../form.js';
import { authenticate, readAccountHeader } from './authentication.js';
import type { Route } from './call.js';
import { chargeRoutes } from './charge-routes.js';
import { customerRoutes } from './customer-routes.js';
import { Refusal } from './errors.js';
import { readExpansion } from './expand.js';
import { createIdempotencyKeys, type IdempotencyKeys } from './idempotency.js';
import { readParams } from './params.js';
import { paymentIntentRoutes } from './payment-intent-routes.js';
import { mintToken } from './payment-sources.js';
import { createView } from './render.js';
import { refundRoutes } from './refunds.js';
import { createRouter, type Match } from './router.js';
import type { Services, StripeSwitches } from './services.js';
import { Account } from './store.js';
import { readVersion, type Version } from './versions.js';

import { stripeWebhooks } from './webhook.js';

/** Settings for `createStripe`. */
export interface StripeSimulatorSettings {
  secretKey: string;
  baseUrl: string;
  settleMs: number;
  abandonedMs: number;
}

const secretKey = 'sk_test_simulator';
/** For browsers: it makes tokens and payment methods of cards, nothing else. */
const publishableKey = 'pk_test_simulator';

const cardOfSource: Partial<Record<SourceKind, string>> = {
  approved: '4242424242424242',
  declined: '4000000000000002',
  insufficient_funds: '4000000000009995',
  requires_3ds: '4000000000003220',
};

const routes: readonly Route[] = [
  ...chargeRoutes,
  ...refundRoutes,
  ...paymentIntentRoutes,
  ...customerRoutes,
];

/** Everything that a request may ask for: a bare charge is voided by its refund. */
const operations: readonly string[] = [...new Set([...routes.map(({ operation }) => operation), 'void'])];

const switches: StripeSwitches = { releaseCountsAsRefund: false };

interface Tenant {
  account: Account;
  keys: IdempotencyKeys;
}

const createStripe = (context: FaceContext, stripeSwitches: StripeSwitches) => {
  const services: Services = { context, switches: stripeSwitches, minted: new Map() };
  const router = createRouter(routes);
  const tenants = new Map<string | null, Tenant>();

  const tenantOf = (request: SimulatorRequest): Tenant => {
    const id = readAccountHeader(request.headers);
    const known = tenants.get(id);
    if (known !== undefined) return known;
    const tenant = { account: new Account(id, context), keys: createIdempotencyKeys(() => context.now()) };
    tenants.set(id, tenant);
    return tenant;
  };

  const execute = (
    request: SimulatorRequest,
    match: Match,
    account: Account,
    version: Version,
  ): SimulatorResponse => {
    const { route, id } = match;
    if (request.method === 'POST' && /json/i.test(request.headers['content-type'] ?? '')) {
      throw new Refusal(
        400,
        'invalid_request_error',
        { message: 'Send parameters as application/x-www-form-urlencoded, not as JSON.' },
        false,
      );
    }
    const form = decodeForm(request.method === 'GET' ? request.query : request.body);
    const params = readParams(form, route.params, route.required);
    const paths = Object.values(fieldIn(params, 'expand') ?? []).map(String);
    const view = createView(account, version, context.origin());
    const expansion = readExpansion(paths, route.answer);
    return jsonResponse(
      200,
      route.run({ services, account, view, params, id, path: request.path, expansion }),
    );
  };

  /** Executes under an idempotency key where there is one. */
  const executeOnce = (
    request: SimulatorRequest,
    requestId: string,
    version: Version,
    substitute: SimulatorResponse | undefined,
  ): SimulatorResponse => {
    const match = router.match(request);
    const { account, keys } = tenantOf(request);
    const key = request.method === 'POST' ? request.headers['idempotency-key'] : undefined;
    const hasKey = key !== undefined && key !== '';
    if (hasKey) {
      const verdict = keys.check(key, request);
      if (verdict.kind === 'replay') {
        const headers = { 'idempotent-replayed': 'true', 'original-request': verdict.originalRequest };
        return { ...verdict.response, headers: { ...verdict.response.headers, ...headers } };
      }
    }
    const keep = (response: SimulatorResponse): SimulatorResponse => {
      const answer = substitute ?? response;
      if (hasKey) keys.keep(key, request, { ...answer, headers: { ...answer.headers } }, requestId);
      return answer;
    };
    try {
      return keep(execute(request, match, account, version));
    } catch (error) {
      if (error instanceof Refusal && error.executed) return keep(jsonResponse(error.status, error.body()));
      throw error;
    }
  };

  const handle = (request: SimulatorRequest, substitute?: SimulatorResponse): SimulatorResponse => {
    const requestId = context.ids.next('req_', 14);
    const echoed: Record<string, string> = { 'request-id': requestId };
    for (const name of ['idempotency-key', 'stripe-account']) {
      const value = request.headers[name];
      if (value !== undefined) echoed[name] = value;
    }
    try {
      authenticate(request.headers, { secretKey, publishableKey }, router.isPublic(request));
      const version = readVersion(request.headers['stripe-version']);
      echoed['stripe-version'] = version.text;
      const response = executeOnce(request, requestId, version, substitute);
      return { ...response, headers: { ...response.headers, ...echoed } };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return jsonResponse(error.status, error.body(), echoed);
    }
  };

  /** A refund of money that was never captured is Stripe's way to void a bare charge. */
  const isVoid = (request: SimulatorRequest): boolean => {
    const chargeId = decodeForm(request.body)['charge'];
    if (typeof chargeId !== 'string') return false;
    for (const { account } of tenants.values()) {
      const charge = account.charges.find(chargeId);
      if (charge !== undefined) return charge.status === 'succeeded' && !charge.captured;
    }
    return false;
  };

  return {
    operations,
    operationOf: (request: SimulatorRequest): string => {
      const operation = router.operationOf(request);
      return operation === 'refund' && isVoid(request) ? 'void' : operation;
    },
    handle,
    hold: (request: SimulatorRequest): (() => void) => {
      const key = request.headers['idempotency-key'];
      if (key === undefined || key === '' || request.method !== 'POST') return () => undefined;
      return tenantOf(request).keys.hold(key);
    },
    failure: (kind: 'rate_limited' | 'server_error', retryAfterSeconds = 1): SimulatorResponse => {
      const headers = { 'request-id': context.ids.next('req_', 14) };
      return kind === 'rate_limited'
        ? jsonResponse(
            429,
            { error: { type: 'invalid_request_error', code: 'rate_limit', message: 'Too many requests.' } },
            {
              ...headers,
              'retry-after': String(retryAfterSeconds),
              'stripe-rate-limited-reason': 'global-rate',
            },
          )
        : jsonResponse(500, { error: { type: 'api_error', message: 'An unknown error occurred.' } }, headers);
    },
    browser: { publishableKey, serves: (request: SimulatorRequest) => router.isPublic(request) },
    settings: (baseUrl: string): StripeSimulatorSettings => ({
      secretKey,
      baseUrl,
      settleMs: 50,
      abandonedMs: 50,
    }),
    source: (kind: SourceKind): string => {
      const number = cardOfSource[kind];
      if (number === undefined)
        throw new RangeError(`Stripe's simulator has no source '${kind}': it charges cards only.`);
      return mintToken(services, number);
    },
    webhooks: stripeWebhooks(context, (id) => tenants.get(id)?.account),
  };
};

/** Stripe: payment intents, charges, refunds, and what they need. */
export const stripeFace = defineFace({ switches, create: createStripe });
