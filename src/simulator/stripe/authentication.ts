import { invalidParameter, Refusal } from './errors.js';

type Headers = Readonly<Record<string, string>>;

const presentedKey = (authorization: string | undefined): string | undefined => {
  const [scheme, credentials] = (authorization ?? '').split(/\s+/, 2);
  if (credentials === undefined) return undefined;
  if (/^bearer$/i.test(scheme ?? '')) return credentials;
  if (!/^basic$/i.test(scheme ?? '')) return undefined;
  return Buffer.from(credentials, 'base64').toString('utf8').split(':')[0];
};

const unauthorized = (message: string): Refusal =>
  new Refusal(401, 'invalid_request_error', { message }, false);

/** Refuses requests without the secret key; a few take the publishable one, too. */
export const authenticate = (
  headers: Headers,
  { secretKey, publishableKey }: { readonly secretKey: string; readonly publishableKey: string },
  isPublic: boolean,
): void => {
  const key = presentedKey(headers['authorization']);
  if (key === undefined || key === '') throw unauthorized('You did not provide an API key.');
  if (key === publishableKey) {
    if (isPublic) return;
    const message = 'This API call cannot be made with a publishable API key. Please use a secret API key.';
    throw new Refusal(401, 'invalid_request_error', { code: 'secret_key_required', message }, false);
  }
  // The key itself must not come back: error texts end in logs.
  if (key !== secretKey) throw unauthorized(`Invalid API Key provided: ${key.slice(0, 8)}****`);
};

/** The connected account that a request is for, or null. Any well-formed account exists. */
export const readAccountHeader = (headers: Headers): string | null => {
  const { 'stripe-account': account, 'stripe-context': context } = headers;
  if (account !== undefined && context !== undefined) {
    throw invalidParameter(
      'Stripe-Context',
      'Send either Stripe-Account or Stripe-Context.',
      'parameters_exclusive',
    );
  }
  const id = account ?? context;
  if (id === undefined || id === '') return null;
  if (!/^acct_\w+$/.test(id)) {
    throw new Refusal(
      403,
      'invalid_request_error',
      { code: 'account_invalid', message: `The provided key does not have access to account '${id}'.` },
      false,
    );
  }
  return id;
};
