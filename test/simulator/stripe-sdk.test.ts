import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FaultOrder, type Simulator, startSimulator } from '../../src/testing/index.js';

const fixture = fileURLToPath(new URL('stripe/sdk-fixture.ts', import.meta.url));

interface Message {
  ask?: { approve?: string; inject?: FaultOrder };
  seen?: Record<string, unknown>;
}

/** Runs the fixture and does for it what the SDK cannot do. The environment is empty but for PATH. */
const runSdk = async (simulator: Simulator): Promise<Record<string, unknown>> => {
  const { port } = new URL(simulator.url('stripe'));
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', fixture, port, simulator.settings('stripe').secretKey],
    {
      env: { PATH: process.env['PATH'] },
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  );
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  for await (const line of createInterface({ input: child.stdout })) {
    const { ask, seen } = JSON.parse(line) as Message;
    if (seen !== undefined) return seen;
    if (ask?.inject !== undefined) simulator.inject(ask.inject);
    const answer = ask?.approve === undefined ? null : await simulator.payer.approve(ask.approve);
    child.stdin.write(`${JSON.stringify(answer)}\n`);
  }
  throw new Error(`The fixture ended early: ${errors}`);
};

describe('the official SDK', () => {
  let simulator: Simulator;
  let seen: Record<string, unknown>;

  beforeAll(async () => {
    simulator = await startSimulator({ providers: ['stripe'] });
    seen = await runSdk(simulator);
  });
  afterAll(() => simulator.close());

  it('authorizes, captures a part and refunds a part of it', () => {
    const metadata = { order: '81', 'key with space': 'a&b=c' };
    expect(seen['authorized']).toEqual(['requires_capture', 4590, 'charge', metadata]);
    expect(seen['captured']).toEqual(['succeeded', 4000]);
    expect(seen['refund']).toEqual(['succeeded', 500, 'duplicate', true]);
    expect(seen['charge']).toEqual([4000, 500, 3854]);
  });

  it('reads request ids and the version it asked for', () => {
    expect(seen['requestId']).toBe(true);
    expect(seen['version']).toBe('2026-10-28.endive');
  });

  it('lets the payer authenticate', () => {
    expect(seen['threeDSecure']).toEqual(['requires_action', 'succeeded', 'succeeded', 'authenticated']);
  });

  it('cancels', () => {
    expect(seen['canceled']).toEqual(['canceled', 'abandoned']);
  });

  it('charges without an intent', () => {
    expect(seen['bare']).toEqual([false, 500, 0]);
    expect(seen['again']).toMatchObject({
      kind: 'StripeInvalidRequestError',
      code: 'charge_already_captured',
    });
    expect(seen['updated']).toEqual({ a: '1' });
  });

  it('meets declines as card errors', () => {
    const declined = { kind: 'StripeCardError', statusCode: 402, code: 'card_declined' };
    expect(seen['declined']).toMatchObject({ ...declined, declineCode: 'insufficient_funds' });
    expect(seen['declinedBare']).toMatchObject({ ...declined, charge: expect.stringMatching(/^ch_/) });
  });

  it('gets a replay for its key, and an error for other parameters', () => {
    expect(seen['replay']).toEqual([true, 'true']);
    expect(seen['otherParams']).toMatchObject({ kind: 'StripeIdempotencyError', statusCode: 400 });
  });

  it('keeps connected accounts apart', () => {
    expect(seen['connected']).toEqual([true, 'resource_missing']);
  });

  it('pages through lists in both directions and through search', () => {
    expect([seen['listed'], seen['backwards'], seen['searched'], seen['refunds']]).toEqual([
      true,
      true,
      true,
      1,
    ]);
  });

  it('gets its own error classes for every kind of trouble', () => {
    expect(seen['unknownParameter']).toMatchObject({
      kind: 'StripeInvalidRequestError',
      code: 'parameter_unknown',
    });
    expect(seen['wrongKey']).toMatchObject({ kind: 'StripeAuthenticationError', statusCode: 401 });
    expect(seen['rateLimited']).toMatchObject({
      kind: 'StripeRateLimitError',
      statusCode: 429,
      retryAfter: '3',
    });
    expect(seen['timeout']).toMatchObject({ kind: 'StripeConnectionError' });
    expect(seen['inFlight']).toMatchObject({
      kind: 'StripeAPIError',
      statusCode: 409,
      code: 'idempotency_key_in_use',
    });
    expect(seen['halfAnswer']).toMatchObject({ kind: 'StripeConnectionError' });
    expect(seen['recovered']).toBe('true');
    expect(seen['serverError']).toMatchObject({ kind: 'StripeAPIError', statusCode: 500 });
  });

  it('leaves a ledger in which no money is taken twice', () => {
    const charges = simulator.ledger.charges();
    const taken = charges.filter((charge) => charge.state === 'captured');
    expect(charges.filter((charge) => charge.metadata['batch'] === 'seven')).toHaveLength(7);
    expect(taken.every((charge) => charge.amountCaptured <= charge.amount)).toBe(true);
    expect(charges.find((charge) => charge.metadata['order'] === '81')).toMatchObject({
      amountCaptured: 4000,
      amountRefunded: 500,
      refunds: [{ amount: 500 }],
    });
  });

  it('leaves a log without secrets', () => {
    const log = JSON.stringify(simulator.requests());
    expect(log).not.toContain(simulator.settings('stripe').secretKey);
    expect(log).not.toMatch(/_secret_[A-Za-z0-9]/);
  });
});
