import { createHmac } from 'node:crypto';
import { fieldIssues } from '../src/models/validation.js';
import { createParamsSchema } from '../src/models/params.js';
import { Secret } from '../src/models/secret.js';
import { verifyJustifiWebhook } from '../src/providers/justifi/index.js';
import { verifyMagpieWebhook } from '../src/providers/magpie/index.js';
import { verifyOmiseWebhook } from '../src/providers/omise/index.js';
import { verifyPinWebhook } from '../src/providers/pin/index.js';
import { verifyStripeWebhook } from '../src/providers/stripe/index.js';
import { redactText } from '../src/transport/redact.js';

/**
 * What input costs before anybody is trusted, as a ratio to one HMAC of the same bytes, measured in the same run: the machine
 * drifts, the ratio does not. `JSON.parse` of the same body stands beside it, because a signed one costs that as well.
 * Usage: npm run bench:untrusted
 */

const secret = 'whsec_5WbX5kEWLlfzsGNjH64I8lOOqUB6e8FH';
const wrong = '0'.repeat(64);
const seconds = String(Math.floor(Date.now() / 1000));

/** Milliseconds of the fastest of several runs: what others do on the machine only adds. */
const fastest = (work: () => unknown): number => {
  let best = Infinity;
  for (const until = performance.now() + 300; performance.now() < until;) {
    const started = performance.now();
    try {
      work();
    } catch {
      // A refusal is what is measured.
    }
    best = Math.min(best, performance.now() - started);
  }
  return best;
};

const nested = (levels: number, size: number): string => {
  const inside = '0,'.repeat(Math.floor((size - 2 * levels - 1) / 2));
  return `${'['.repeat(levels)}${inside}0${']'.repeat(levels)}`;
};

const bodies = (size: number): Readonly<Record<string, string>> => ({
  'an event': JSON.stringify({
    data: Array.from({ length: size / 44 }, () => ({ id: 'ch_1', amount: 4590 })),
  }),
  'nested 500 deep': nested(500, size),
  'nested to the end': `${'{"a":'.repeat(size / 6)}0${'}'.repeat(size / 6)}`,
  'one text to escape': JSON.stringify({ a: '<'.repeat(size - 8) }),
  'no JSON': `{${'x'.repeat(size - 1)}`,
});

const providers: Readonly<Record<string, (body: string) => unknown>> = {
  stripe: (body) => verifyStripeWebhook(body, { 'stripe-signature': `t=${seconds},v1=${wrong}` }, { secret }),
  omise: (body) =>
    verifyOmiseWebhook(
      body,
      { 'omise-signature': wrong, 'omise-signature-timestamp': seconds },
      { secret: 'd2hzZWNfNVdiWDVrRVdMbGZ6c0dOakg2NEk4bA==' },
    ),
  pin: (body) => verifyPinWebhook(body, { 'pin-signature': `t=${seconds},v1=${wrong}` }, { secret }),
  justifi: (body) =>
    verifyJustifiWebhook(body, { 'justifi-signature': wrong, 'justifi-timestamp': seconds }, { secret }),
  'magpie (nothing to check: parsed)': (body) => verifyMagpieWebhook(body),
};

const ratio = (time: number, base: number): string => (time / base).toFixed(1).padStart(8);

// The longest body that is explained, the next one, and a large one.
for (const size of [8_192, 16_384, 262_144]) {
  console.log(`\nAn unsigned webhook of ${String(size / 1024)} kB, in HMACs of the same bytes`);
  for (const [kind, body] of Object.entries(bodies(size))) {
    const hmac = fastest(() =>
      createHmac('sha256', secret).update(`${seconds}.`).update(Buffer.from(body)).digest(),
    );
    const parse = fastest(() => JSON.parse(body) as unknown);
    const costs = Object.values(providers).map((verify) =>
      ratio(
        fastest(() => verify(body)),
        hmac,
      ),
    );
    console.log(`${kind.padEnd(20)}${costs.join('')}   JSON.parse${ratio(parse, hmac)}`);
  }
  console.log(`${''.padEnd(20)}  ${Object.keys(providers).join(', ')}`);
}

const hmacOfKilobytes = fastest(() => createHmac('sha256', secret).update(Buffer.alloc(262_144)).digest());
const secrets = [new Secret(secret), new Secret('sk_test_4eC39HqLyjWDarjtT1zdp7dc')];
const texts: Readonly<Record<string, string>> = {
  'a message': 'Your card was declined: insufficient funds (card ending 4242).',
  '10 kB of ://': '://'.repeat(3_413),
  '10 kB of digits': '4242 '.repeat(2_048),
  '256 kB of ://': '://'.repeat(87_381),
  '256 kB of words': 'pi_secret_'.repeat(26_214),
  '256 kB of bearer': 'bearer '.repeat(37_449),
};
console.log('\nA text of a provider, masked, in HMACs of 256 kB');
for (const [kind, text] of Object.entries(texts)) {
  console.log(
    `${kind.padEnd(20)}${(fastest(() => redactText(text, secrets)) / hmacOfKilobytes).toFixed(3).padStart(8)}`,
  );
}

const fields = Object.fromEntries(
  Array.from({ length: 5_000 }, (_, index) => [`${'x'.repeat(995)}${String(index)}`, 1]),
);
const params = createParamsSchema.safeParse(fields);
if (params.error !== undefined) {
  const { error } = params;
  const cost = fastest(() => fieldIssues(createParamsSchema, error)) / hmacOfKilobytes;
  console.log(
    `\n5,000 unknown fields of 1,000 characters, explained, in HMACs of 256 kB${cost.toFixed(3).padStart(8)}`,
  );
}
