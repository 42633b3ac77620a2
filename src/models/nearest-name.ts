/** Names that look like the beginning of a secret, and are what other SDKs call a setting. */
const plainNames: ReadonlySet<string> = new Set(
  'api_key secret_key public_key private_key idempotency_key client_secret webhook_secret access_token'.split(
    ' ',
  ),
);

/** Names of fields may hold data by accident (a card number as a key): those are not repeated. */
export const showName = (name: PropertyKey): string => {
  const text = String(name);
  if (plainNames.has(text)) return text;
  return text.length > 60 ||
    /\d{8}/.test(text.replace(/[ -]/g, '')) ||
    /(?:key|secret|token|whsec)_|_(?:live|test|secret)_/i.test(text)
    ? '[masked]'
    : text;
};

const distance = (left: string, right: string): number => {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const change = left[row - 1] === right[column - 1] ? 0 : 1;
      current.push(
        Math.min(
          (previous[column] ?? 0) + 1,
          (current[column - 1] ?? 0) + 1,
          (previous[column - 1] ?? 0) + change,
        ),
      );
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
};

const withoutCase = (name: string): string => name.toLowerCase().replace(/[_-]/g, '');

/** Longer than any known name: what is longer was meant to be none of them, and comparing costs its length. */
const longestCompared = 40;

/**
 * What the official SDKs and APIs call a field, and what to say instead; `name` where the field has a value of its own. The first that
 * is known where the name was used is meant.
 */
const foreignNames: ReadonlyMap<string, readonly { readonly name: string; readonly say?: string }[]> =
  new Map(
    Object.entries({
      amounttocapture: [{ name: 'amount' }],
      apikey: [{ name: 'secretKey' }, { name: 'clientSecret' }],
      applicationfeeamount: [{ name: 'providerOptions', say: 'providerOptions.applicationFeeAmount' }],
      autocapture: [{ name: 'capture' }],
      capturemethod: [{ name: 'capture', say: 'capture: false' }],
      card: [{ name: 'source' }],
      cardtoken: [{ name: 'source' }],
      charge: [{ name: 'chargeId' }],
      currencycode: [{ name: 'currency' }],
      customerid: [{ name: 'customer' }],
      endingbefore: [{ name: 'cursor' }],
      host: [{ name: 'baseUrl' }],
      httpagent: [{ name: 'axios' }],
      httpclient: [{ name: 'axios' }],
      id: [{ name: 'chargeId' }],
      ipaddress: [{ name: 'ip' }],
      key: [{ name: 'secretKey' }],
      maxnetworkretries: [{ name: 'maxRetries' }],
      offset: [{ name: 'cursor' }],
      offsession: [{ name: 'providerOptions', say: 'providerOptions.offSession' }],
      onbehalfof: [{ name: 'providerOptions', say: 'providerOptions.onBehalfOf' }],
      page: [{ name: 'cursor' }],
      pagesize: [{ name: 'limit' }],
      paymentintent: [{ name: 'chargeId' }],
      paymentmethod: [{ name: 'source' }],
      paymentmethodid: [{ name: 'source' }],
      perpage: [{ name: 'limit' }],
      prefix: [{ name: 'tablePrefix' }],
      privatekey: [{ name: 'secretKey' }],
      receiptemail: [{ name: 'email' }],
      redirecturl: [{ name: 'returnUrl' }],
      returnuri: [{ name: 'returnUrl' }],
      setupfutureusage: [{ name: 'providerOptions', say: 'providerOptions.setupFutureUsage' }],
      startingafter: [{ name: 'cursor' }],
      statementdescriptorsuffix: [{ name: 'statementDescriptor' }],
      stripeaccount: [
        { name: 'account' },
        { name: 'headers', say: 'headers, which hold the account of one call' },
      ],
      successurl: [{ name: 'returnUrl' }],
      tableprefix: [{ name: 'prefix' }],
      transferdata: [{ name: 'providerOptions', say: 'providerOptions.transferData' }],
      token: [{ name: 'source' }],
      webhooksecret: [{ name: 'secret' }],
    }),
  );

/** What is no field at all where official SDKs have it: where it belongs instead. */
const elsewhere: ReadonlyMap<string, string> = new Map(
  Object.entries({
    confirm: 'a create always confirms, so leave it out',
    idempotencykey: 'idempotencyKey is an option: pass it in the last argument',
    stripeaccount:
      'the account is the setting account of the client, or a header in the option headers of one call',
  }),
);

const translated = (name: string, known: readonly string[]): string | null => {
  const meant = foreignNames.get(withoutCase(name))?.find((each) => known.includes(each.name));
  return meant === undefined ? null : (meant.say ?? meant.name);
};

/** The known name that an unknown one was probably meant to be, or null. */
export const nearestName = (name: string, known: readonly string[]): string | null => {
  if (name.length > longestCompared) return null;
  const meant = translated(name, known);
  if (meant !== null) return meant;
  let best: string | null = null;
  let bestDistance = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const steps =
      withoutCase(candidate) === withoutCase(name)
        ? 0
        : distance(name.toLowerCase(), candidate.toLowerCase());
    if (steps < bestDistance) [best, bestDistance] = [candidate, steps];
  }
  return best;
};

/** What is wrong with a name that is not known: a field, an option. */
export const unknownName = (what: string, name: string, known: readonly string[]): string => {
  const complaint = `is not a known ${what}`;
  const place = elsewhere.get(withoutCase(name));
  const isKnown = known.some((each) => withoutCase(each) === withoutCase(name));
  if (place !== undefined && !isKnown && translated(name, known) === null) return `${complaint}: ${place}`;
  const nearest = nearestName(name, known);
  return nearest === null ? complaint : `${complaint}; did you mean ${nearest}?`;
};
