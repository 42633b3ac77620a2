import type { ChargesClient } from '../../charges-client.js';
import { checkFunction, checkObject, checkText, shown } from '../../simulator/check-values.js';
import { checkMembers } from '../../simulator/nearest-name.js';
import type { ConformanceOptions, ConformanceSources, ConformanceWebhooks } from './options.js';

const optionNames: Readonly<Record<keyof ConformanceOptions, true>> = {
  createClient: true,
  sources: true,
  currency: true,
  currencies: true,
  params: true,
  livemode: true,
  faults: true,
  ledger: true,
  payer: true,
  verification: true,
  webhooks: true,
  requests: true,
  tamperedClient: true,
  secrets: true,
};

const sourceNames: Readonly<Record<keyof ConformanceSources, true>> = {
  approved: true,
  declined: true,
  insufficientFunds: true,
  requires3DS: true,
  expirable: true,
};

type Members = Readonly<Record<string, unknown>>;

const kit = 'of testChargesClient';

/** Refuses a list in which something is no text. It shows nothing of it: secrets are such a list. */
const checkTexts = (name: string, value: unknown, example: string): void => {
  const isList = Array.isArray(value) && value.every((each) => typeof each === 'string');
  if (!isList) throw new TypeError(`The '${name}' ${kit} must be a list of texts such as ${example}.`);
};

const checkCurrency = (name: string, value: unknown): void => {
  checkText(`The '${name}' ${kit}`, value, 'EUR');
  if (!/^[A-Z]{3}$/.test(value as string))
    throw new RangeError(
      `The '${name}' ${kit} must be an upper-case code such as 'EUR', not ${shown(value)}.`,
    );
};

const checkSources = (sources: unknown): void => {
  checkObject(`The 'sources' ${kit}`, sources, "{ approved: () => 'tok_1' }");
  checkMembers(`The sources ${kit}`, sources as object, Object.keys(sourceNames));
  const given = sources as Members;
  checkFunction(`The source 'approved' ${kit}`, given['approved']);
  for (const [name, source] of Object.entries(given))
    if (source !== undefined) checkFunction(`The source '${name}' ${kit}`, source);
};

const checkFaults = (faults: unknown): void => {
  checkObject(`The 'faults' ${kit}`, faults, '{ inject: simulator.inject, clear: simulator.clearFaults }');
  checkMembers(`The faults ${kit}`, faults as object, ['inject', 'clear']);
  const { inject, clear } = faults as Members;
  checkFunction(`The 'inject' of the faults ${kit}`, inject);
  if (clear !== undefined) checkFunction(`The 'clear' of the faults ${kit}`, clear);
};

const checkPayer = (payer: unknown): void => {
  checkObject(`The 'payer' ${kit}`, payer, 'simulator.payer');
  for (const name of ['approve', 'decline'])
    checkFunction(`The '${name}' of the payer ${kit}`, (payer as Members)[name]);
};

const webhookNames: Readonly<Record<keyof ConformanceWebhooks, true>> = {
  deliver: true,
  secret: true,
  signsTime: true,
};

/** The secret itself is in no message. */
const checkWebhooks = (webhooks: unknown): void => {
  checkObject(`The 'webhooks' ${kit}`, webhooks, '{ deliver, secret }');
  checkMembers(`The webhooks ${kit}`, webhooks as object, Object.keys(webhookNames));
  const { deliver, secret, signsTime } = webhooks as Members;
  checkFunction(`The 'deliver' of the webhooks ${kit}`, deliver);
  if (signsTime !== undefined && typeof signsTime !== 'boolean')
    throw new TypeError(
      `The 'signsTime' of the webhooks ${kit} must be true or false, not ${shown(signsTime)}.`,
    );
  if (secret === undefined) return;
  if (typeof secret !== 'string') throw new TypeError(`The 'secret' of the webhooks ${kit} must be a text.`);
  // The kit makes others of it by changing a letter or a digit.
  if (!/[A-Za-z\d]{4}/.test(secret))
    throw new RangeError(`The 'secret' of the webhooks ${kit} must be as long as a real one.`);
};

/** Refuses swapped arguments of a kit. */
export const checkTest = (name: string, test: unknown): void => {
  if (typeof test !== 'function')
    throw new TypeError(
      `${name} takes the test function of your runner first, not ${shown(test)}: ${name}(test, { … }).`,
    );
};

/** Refuses what the kit would pass over: a misspelt option leaves out the tests that it would have added. */
export const checkKitOptions = (options: ConformanceOptions): void => {
  checkObject(`The options ${kit}`, options, "{ createClient, sources, currency: 'EUR' }");
  checkMembers('testChargesClient', options, Object.keys(optionNames));
  const given = options as unknown as Members;
  checkFunction(`The 'createClient' ${kit}`, options.createClient);
  checkSources(given['sources']);
  checkCurrency('currency', given['currency']);
  const { currencies, secrets, params, livemode, faults, payer, webhooks } = given;
  if (currencies !== undefined) {
    checkTexts('currencies', currencies, "['JPY', 'KWD']");
    for (const currency of currencies as string[]) checkCurrency('currencies', currency);
  }
  if (secrets !== undefined) checkTexts('secrets', secrets, '[settings.secretKey]');
  if (params !== undefined) checkObject(`The 'params' ${kit}`, params, "{ email: 'kim@shop.example' }");
  if (livemode !== undefined && typeof livemode !== 'boolean')
    throw new TypeError(`The 'livemode' ${kit} must be true or false, not ${shown(livemode)}.`);
  if (faults !== undefined) checkFaults(faults);
  if (payer !== undefined) checkPayer(payer);
  if (webhooks !== undefined) checkWebhooks(webhooks);
  for (const name of ['ledger', 'verification', 'requests', 'tamperedClient'])
    if (given[name] !== undefined) checkFunction(`The '${name}' ${kit}`, given[name]);
};

/** Refuses what is no client, above all the promise of one. */
export const checkClient = (client: unknown): ChargesClient => {
  const { then, supports } = (client ?? {}) as Members;
  if (typeof then === 'function')
    throw new TypeError(
      'createClient must be synchronous: it is called while the tests are registered. Make what it waits for beforehand.',
    );
  if (typeof supports !== 'function')
    throw new TypeError(`createClient must return a ChargesClient, not ${shown(client)}.`);
  return client as ChargesClient;
};
