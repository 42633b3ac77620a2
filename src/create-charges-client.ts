import type {
  ChargesClient,
  ChargesClientFor,
  Operation,
  WebhookBody,
  WebhookHeaders,
} from './charges-client.js';
import type { MoneyOperation } from './writes/prepare.js';
import { limitArguments } from './calls/arguments.js';
import { withCallerKey } from './calls/caller-key.js';
import { wrongId } from './calls/charge-id.js';
import { collectDrift, wrapAdapterErrors, makeCall } from './calls/call.js';
import { startCall, type CallContext } from './calls/start-call.js';
import { refuseInput } from './calls/check-input.js';
import { checkParams, fingerprinted, type Asked } from './calls/check-params.js';
import { capabilitiesOf, operationNamed } from './calls/capabilities.js';
import { createContext, type Context, type Internals } from './calls/context.js';
import { checkCharge, checkExtra, assertMode, checkRefund, assertSameCharge } from './calls/output.js';
import { makeInspectable } from './calls/inspection.js';
import { list, runRow, search } from './calls/reads.js';
import { reconcilePending } from './writes/reconcile-pending.js';
import { reconcile } from './writes/reconcile.js';
import { verify3DS } from './writes/verify.js';
import { watchCall, watchCalls } from './calls/watch-calls.js';
import { parseWebhook } from './webhooks/parse.js';
import { performMoneyWrite, performPlainWrite } from './writes/perform.js';
import { ConfigurationError, UnsupportedOperationError } from './errors.js';
import type { Capabilities } from './models/capabilities.js';
import type { Charge } from './models/charge.js';
import {
  captureParamsSchema,
  createParamsSchema,
  refundParamsSchema,
  updateParamsSchema,
  verify3DSParamsSchema,
} from './models/params.js';
import { pendingReconciliations } from './models/reconciliation.js';
import type { Refund } from './models/refund.js';
import type { ExtraCall, OperationsOf, ParamsOf, ProviderSpec } from './provider.js';
import type { ClientSettings } from './settings.js';
import { isRefund } from './writes/results.js';

export type { ClientSettings } from './settings.js';
export type { Internals } from './calls/context.js';

/** The concrete client of a spec: its operations, its params, its extras. */
export type ChargesClientOf<Spec extends ProviderSpec> =
  Spec extends ProviderSpec<infer _Shape, infer Rows, infer Extras, infer Name>
    ? ChargesClientFor<OperationsOf<Rows>, ParamsOf<Rows>, Name> & Extras
    : never;

/**
 * Makes a client from a provider's spec: what adapter authors call.
 *
 * @throws ConfigurationError when settings are missing, unknown or contradict each other.
 * @example
 * export const createAcme = (settings: ClientSettings<typeof acme> = {}) => createChargesClient(acme, settings);
 */
export const createChargesClient = <const Spec extends ProviderSpec>(
  spec: Spec,
  settings: ClientSettings<Spec> = {},
  internals: Internals = {},
): ChargesClientOf<Spec> => {
  const context = createContext(spec, settings, internals);
  const capabilities = capabilitiesOf(spec, context.own);
  const methodsIn = (own: Context) => ({
    ...createMethods(own, capabilities),
    ...spec.extras?.(createExtraCall(own)),
  });
  const client = limitArguments(context, watchCalls(context, methodsIn), (operation, error) =>
    watchCall(context, { operation, options: undefined, key: error.idempotencyKey }, () => {
      throw error;
    }),
  );
  makeInspectable(client, context);
  // An ordinary object, so that a test can replace a method; no method of it calls another one.
  // The type derives from the same rows as the methods.
  return client as ChargesClientOf<Spec>;
};

/** The function that makes clients of one provider. It takes settings, and nothing beside them. */
export const clientFactory =
  <const Spec extends ProviderSpec>(
    spec: Spec,
  ): ((settings?: ClientSettings<Spec>) => ChargesClientOf<Spec>) =>
  (settings?: ClientSettings<Spec>, ...surplus: unknown[]) => {
    if (surplus.some((given) => given !== undefined)) {
      const message = `${spec.provider}: takes one argument, its settings: what was given beside them has no effect`;
      throw new ConfigurationError({ message, provider: spec.provider, outcome: 'not_sent' });
    }
    return createChargesClient(spec, settings);
  };

type AskedParams = Asked<Readonly<Record<string, unknown>>>;
const noParams: AskedParams = { params: {}, wire: null };

const wrongKind = (): never => {
  throw new TypeError('a write gave what another one makes');
};

// The write itself refuses the answer of an adapter that is of the other kind.
const chargeIn = (made: Charge | Refund): Charge => (isRefund(made) ? wrongKind() : made);
const refundIn = (made: Charge | Refund): Refund => (isRefund(made) ? made : wrongKind());

const createMethods = (context: Context, capabilities: Capabilities): ChargesClient => {
  const { spec } = context;
  const rows = spec.operations;
  const supports = (operation: Operation | 'reverse'): boolean =>
    rows[operationNamed(context, operation)] !== undefined;

  const unsupported = (operation: string): UnsupportedOperationError =>
    new UnsupportedOperationError({
      message: `${spec.provider} has no ${operation}`,
      provider: spec.provider,
      operation,
      outcome: 'not_sent',
    });

  const rowOf = <Name extends Exclude<Operation, 'search'>>(name: Name, operation: string = name) => {
    const row = rows[name];
    if (row === undefined) throw unsupported(operation);
    return row;
  };

  const checkId = (operation: string, path: string, id: unknown): string => {
    const message = wrongId(id, context.secrets, path === 'refundId' ? 'refund' : 'charge');
    if (message === null) return String(id);
    throw refuseInput(context, operation, [{ path, message }]);
  };

  const start = (
    operation: string,
    row: Operation,
    isWrite: boolean,
    target: string | null,
    options: unknown,
  ): CallContext => startCall(context, { operation, row, isWrite, target, options });

  const readCharge = async (row: 'retrieve', id: string, options: unknown): Promise<Charge> => {
    const spec = rowOf(row);
    const run = start(row, row, false, checkId(row, 'id', id), options);
    const charge = checkCharge(run, await runRow<'retrieve'>(run, spec, { id }));
    assertMode(run, charge);
    return charge;
  };

  /** A write on an existing charge. */
  const write = async (
    name: Exclude<MoneyOperation, 'create'>,
    operation: string,
    id: string,
    asked: AskedParams,
    options: unknown,
  ): Promise<Charge | Refund> => {
    const row = rowOf(name, operation);
    const target = checkId(operation, 'id', id);
    const run = start(name, name, true, target, options);
    return performMoneyWrite(run, row, { id: target, ...asked }, fingerprinted(asked));
  };

  const voidCharge = (operation: string, id: string, options: unknown): Promise<Charge> =>
    withCallerKey(options, async () => chargeIn(await write('void', operation, id, noParams, options)));

  return {
    provider: spec.provider,
    capabilities,
    supports,
    create: (params, options) =>
      withCallerKey(options, async () => {
        const row = rowOf('create');
        const asked = checkParams(context, 'create', row.params ?? createParamsSchema, params);
        const run = start('create', 'create', true, null, options);
        return chargeIn(await performMoneyWrite(run, row, asked, fingerprinted(asked)));
      }),
    retrieve: async (id, options) => readCharge('retrieve', id, options),
    update: (id, params, options) =>
      withCallerKey(options, async () => {
        const row = rowOf('update');
        const checked = checkParams(context, 'update', row.params ?? updateParamsSchema, params);
        const run = start('update', 'update', true, checkId('update', 'id', id), options);
        const charge = await performPlainWrite<'update'>(run, row, { id, ...checked });
        assertSameCharge(run, charge.id);
        assertMode(run, charge);
        return charge;
      }),
    list: (params, options) => {
      if (rows.list === undefined) throw unsupported('list');
      return list(context, rows.list, params, options);
    },
    search: (params, options) => {
      if (rows.search === undefined) throw unsupported('search');
      return search(context, rows.search, params, options);
    },
    capture: (id, params, options) =>
      withCallerKey(options, async () => {
        const schema = rowOf('capture').params ?? captureParamsSchema;
        const asked = checkParams(context, 'capture', schema, params === undefined ? {} : params);
        return chargeIn(await write('capture', 'capture', id, asked, options));
      }),
    void: (id, options) => voidCharge('void', id, options),
    reverse: (id, options) => voidCharge('reverse', id, options),
    expire: (id, options) =>
      withCallerKey(options, async () => chargeIn(await write('expire', 'expire', id, noParams, options))),
    refund: (id, params, options) =>
      withCallerKey(options, async () => {
        const schema = rowOf('refund').params ?? refundParamsSchema;
        const asked = checkParams(context, 'refund', schema, params === undefined ? {} : params);
        return refundIn(await write('refund', 'refund', id, asked, options));
      }),
    listRefunds: async (id, options) => {
      const row = rowOf('listRefunds');
      const run = start('listRefunds', 'listRefunds', false, checkId('listRefunds', 'id', id), options);
      return (await runRow<'listRefunds'>(run, row, { id })).map((refund) => checkRefund(run, refund));
    },
    retrieveRefund: async (id, refundId, options) => {
      const row = rowOf('retrieveRefund');
      const run = start(
        'retrieveRefund',
        'retrieveRefund',
        false,
        checkId('retrieveRefund', 'id', id),
        options,
      );
      checkId('retrieveRefund', 'refundId', refundId);
      return checkRefund(run, await runRow<'retrieveRefund'>(run, row, { id, refundId }));
    },
    verify3DS: (params, options) =>
      withCallerKey(options, () => {
        const row = rowOf('verify3DS');
        const checked = checkParams(context, 'verify3DS', row.params ?? verify3DSParamsSchema, params);
        const { chargeId } = checked.params;
        const target = chargeId === undefined ? null : checkId('verify3DS', 'chargeId', chargeId);
        return verify3DS(start('verify3DS', 'verify3DS', true, target, options), row, checked);
      }),
    reconcile: async (keyOrError, options) => reconcile(context, keyOrError, options),
    reconcilePending: (options) => pendingReconciliations(reconcilePending(context, options)),
    parseWebhook: async (rawBody: WebhookBody, headers: WebhookHeaders) =>
      parseWebhook(context, rawBody, headers),
  };
};

/** How a provider's extra method sends: like an operation, outside the operation table. */
const createExtraCall =
  (context: Context): ExtraCall =>
  async (operation, options, work) => {
    const call = startCall(context, { operation, row: 'retrieve', isWrite: false, target: null, options });
    // Whether an extra writes only its requests tell. The caller has no key for it; whatever it posts is sent once.
    const run = { ...call, isWrite: true, idempotencyKey: context.runtime.uuid() };
    const { drift, finish } = collectDrift(run);
    const output = await wrapAdapterErrors(run, () => work(makeCall(run, { prepared: null, drift })));
    finish(null);
    return checkExtra(run, output);
  };
