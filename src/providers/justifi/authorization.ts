import * as z from 'zod';
import { AuthenticationError, ChargesError, InvalidResponseError } from '../../errors.js';
import { Secret } from '../../models/secret.js';
import type { AuthorizationTools, Connection } from '../../provider.js';

/** What a token is asked for with. */
export interface Credentials {
  readonly clientId: Secret;
  readonly clientSecret: Secret;
}

/** Anything but visible signs could not stand in a header. */
const tokenSchema = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]+$/),
  expires_in: z.unknown().optional(),
});

/** Documented as 24 hours; an answer may say otherwise. */
const lifetimeMs = 24 * 60 * 60 * 1000;
/** Asked for anew a little earlier, so that no request leaves with a token that dies on the way. */
const longestMarginMs = 5 * 60 * 1000;

/** A token that was replaced is good until it expires: these many are kept from being shown. */
const rememberedTokens = 8;

interface Token {
  readonly value: Secret;
  readonly freshUntil: number;
}

/** Why the credentials were refused: data, because every waiting call makes its own error of it. */
interface Refusal {
  readonly statusCode: number | null;
  readonly providerCode: string | null;
  readonly requestId: string | null;
}

type Grant = { readonly token: Token } | { readonly refusal: Refusal };

const readLifetime = (expiresIn: unknown): number => {
  const isUsable = typeof expiresIn === 'number' && Number.isFinite(expiresIn) && expiresIn > 0;
  const life = isUsable ? expiresIn * 1000 : lifetimeMs;
  return life - Math.min(longestMarginMs, life / 10);
};

/** Statuses that blame the credentials: clients have seen 404 `resource_not_found` as well as 401. */
const blamesCredentials = (status: number | null): boolean =>
  status !== null && [400, 401, 403, 404, 422].includes(status);

const ask = async ({ clientId, clientSecret }: Credentials, tools: AuthorizationTools): Promise<Grant> => {
  try {
    const askedAt = tools.now();
    const answer = await tools.send({
      method: 'POST',
      // Outside of /v1, and without a grant type.
      route: '/oauth/token',
      json: { client_id: clientId.reveal(), client_secret: clientSecret.reveal() },
    });
    const body = tokenSchema.safeParse(answer.body);
    if (!body.success) {
      throw new InvalidResponseError({
        message: 'JustiFi answered the request for an access token without one',
        outcome: 'not_sent',
        provider: 'justifi',
        statusCode: answer.status,
        requestId: answer.requestId,
      });
    }
    const { access_token: value, expires_in: expiresIn } = body.data;
    return { token: { value: new Secret(value), freshUntil: askedAt + readLifetime(expiresIn) } };
  } catch (error) {
    if (!(error instanceof ChargesError) || !blamesCredentials(error.statusCode)) throw error;
    const { statusCode, providerCode, requestId } = error;
    return { refusal: { statusCode, providerCode, requestId } };
  }
};

/**
 * The `Authorization` header of one client, and the tokens that it has been made of. A token is fetched once, by one request
 * however many calls wait for it, kept in this closure alone, and fetched again after a 401 or before it gets too old.
 */
export const authorize = (credentials: Credentials): Required<Pick<Connection, 'headers' | 'secrets'>> => {
  let token: Token | null = null;
  let tokens: readonly Secret[] = [];
  let asking: Promise<Grant> | null = null;

  const begin = async (tools: AuthorizationTools): Promise<Grant> => {
    const current = ask(credentials, tools);
    asking = current;
    try {
      const grant = await current;
      token = 'token' in grant ? grant.token : null;
      if (token !== null) tokens = [...tokens, token.value].slice(-rememberedTokens);
      return grant;
    } finally {
      if (asking === current) asking = null;
    }
  };

  const grant = async (tools: AuthorizationTools): Promise<Grant> => {
    try {
      if (asking !== null) return await asking;
    } catch {
      // The call that asked was aborted or ran out of time. That is its own affair: this one asks for itself.
    }
    return begin(tools);
  };

  const headers: Connection['headers'] = async (tools) => {
    // A late 401 to an older token says nothing of the one that another call has fetched since.
    if (token !== null && tools.refused?.['authorization'] === bearer(token).authorization) token = null;
    if (token !== null && tools.now() < token.freshUntil) return bearer(token);
    const granted = await grant(tools);
    if ('token' in granted) return bearer(granted.token);
    throw new AuthenticationError({
      message: 'JustiFi refused the client id and secret',
      outcome: 'not_sent',
      provider: 'justifi',
      ...granted.refusal,
    });
  };
  return { headers, secrets: () => tokens };
};

const bearer = ({ value }: Token) => ({ authorization: `Bearer ${value.reveal()}` });
