import * as z from 'zod';
import type { AuthorizationTools, Connection } from '../connection.js';
import { AuthenticationError, ChargesError, InvalidResponseError } from '../errors.js';
import { Secret } from '../models/secret.js';
import type { WireRequest } from '../provider.js';

/** How a provider gives access tokens for a client id and secret. */
export interface AccessTokenFacts {
  /** The provider's name in errors, in lower case. */
  readonly provider: string;
  /** The provider's name in messages. */
  readonly name: string;
  /** The request for a token. Its answer holds `access_token`, and `expires_in` in seconds where the provider tells it. */
  request(): WireRequest;
  /** How long a token is good where its answer does not say. */
  readonly lifetimeMs: number;
  /** Statuses that blame the credentials. */
  readonly blaming: readonly number[];
}

/** Anything but visible signs could not stand in a header. */
const tokenSchema = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]+$/),
  expires_in: z.unknown().optional(),
});

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

const freshFor = (expiresIn: unknown, lifetimeMs: number): number => {
  const isUsable = typeof expiresIn === 'number' && Number.isFinite(expiresIn) && expiresIn > 0;
  const life = isUsable ? expiresIn * 1000 : lifetimeMs;
  return life - Math.min(longestMarginMs, life / 10);
};

const ask = async (facts: AccessTokenFacts, tools: AuthorizationTools): Promise<Grant> => {
  try {
    const askedAt = tools.now();
    const answer = await tools.send(facts.request());
    const body = tokenSchema.safeParse(answer.body);
    if (!body.success) {
      throw new InvalidResponseError({
        message: `${facts.name} answered the request for an access token without one`,
        outcome: 'not_sent',
        provider: facts.provider,
        statusCode: answer.status,
        requestId: answer.requestId,
      });
    }
    const { access_token: value, expires_in: expiresIn } = body.data;
    return {
      token: { value: new Secret(value), freshUntil: askedAt + freshFor(expiresIn, facts.lifetimeMs) },
    };
  } catch (error) {
    if (!(error instanceof ChargesError) || error.statusCode === null) throw error;
    if (!facts.blaming.includes(error.statusCode)) throw error;
    const { statusCode, providerCode, requestId } = error;
    return { refusal: { statusCode, providerCode, requestId } };
  }
};

const bearer = ({ value }: Token) => ({ authorization: `Bearer ${value.reveal()}` });

/**
 * The `Authorization` header of one client, and the tokens that it has been made of. A token is fetched once, by one request
 * however many calls wait for it, kept in this closure alone, and fetched again after a 401 or before it gets too old.
 */
export const accessTokens = (
  facts: AccessTokenFacts,
): Required<Pick<Connection, 'headers' | 'secrets' | 'renewsAuthorization'>> => {
  let token: Token | null = null;
  let tokens: readonly Secret[] = [];
  let asking: Promise<Grant> | null = null;

  const begin = async (tools: AuthorizationTools): Promise<Grant> => {
    const current = ask(facts, tools);
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
      // The call that fetched the token was aborted or timed out: fetch one for this call.
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
      message: `${facts.name} refused the client id and secret`,
      outcome: 'not_sent',
      provider: facts.provider,
      ...granted.refusal,
    });
  };
  return { headers, secrets: () => tokens, renewsAuthorization: true };
};
