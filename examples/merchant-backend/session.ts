import { createHash, createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';

/** A text that nobody guesses. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** What the database keeps of a token: whoever reads it there cannot show the token. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/**
 * The token that every form of a session carries. It is made of the session's own token, which no page shows and no script reads,
 * so another site cannot know it.
 */
export const formToken = (sessionToken: string): string =>
  createHmac('sha256', sessionToken).update('form').digest('base64url');

/** Compares without telling by its time how much was right. */
export const isSame = (left: string, right: string): boolean =>
  timingSafeEqual(Buffer.from(hashOf(left)), Buffer.from(hashOf(right)));

/** A password to compare with: derived slowly, so that guessing is slow, too. */
export const passwordCheck = (password: string): ((given: string) => Promise<boolean>) => {
  const salt = randomBytes(16);
  const derive = promisify<string, Buffer, number, Buffer>(scrypt);
  const expected = derive(password, salt, 32);
  return async (given) => timingSafeEqual(await derive(given, salt, 32), await expected);
};

/** One cookie with a token in it. */
export interface TokenCookie {
  read(context: Context): string | undefined;
  write(context: Context, token: string): void;
  clear(context: Context): void;
}

/** A cookie that scripts cannot read, and that is sent over HTTPS only where the shop is reached by it. */
export const tokenCookie = (options: {
  readonly name: string;
  readonly path: string;
  /** `Lax`: comes along when another site links here, as a bank does that sends a payer back. `Strict`: never from another site. */
  readonly sameSite: 'Lax' | 'Strict';
  readonly maxAgeSeconds: number;
  readonly isSecure: boolean;
}): TokenCookie => {
  const { path, sameSite, isSecure } = options;
  // With this prefix a browser refuses a cookie of the same name that somebody sets without HTTPS.
  const name = isSecure ? `__Secure-${options.name}` : options.name;
  return {
    read: (context) => getCookie(context, name),
    write: (context, token) => {
      setCookie(context, name, token, {
        path,
        sameSite,
        maxAge: options.maxAgeSeconds,
        secure: isSecure,
        httpOnly: true,
      });
    },
    clear: (context) => void deleteCookie(context, name, { path, secure: isSecure }),
  };
};

/**
 * Whether a form comes from a page of the shop itself. Browsers name the origin with every form that is posted; one that does not says
 * at least whether it was the same.
 */
export const isOwnOrigin = (context: Context, ownOrigin: string): boolean => {
  const origin = context.req.header('origin');
  return origin === undefined ? context.req.header('sec-fetch-site') === 'same-origin' : origin === ownOrigin;
};
