import { AssertionError } from 'node:assert/strict';

/**
 * The failure of a case, which says at its end where in an adapter to look. An error that an assertion did not make came out of a
 * call that had to succeed, and says that, too.
 */
export const explained = (error: unknown, lookAt: string | undefined): unknown => {
  if (!(error instanceof Error)) return error;
  const came =
    error instanceof AssertionError ? [] : [`This ${error.name} came out of a call that had to succeed.`];
  const hints = lookAt === undefined ? [] : [`Look at ${lookAt}.`];
  if (came.length + hints.length === 0) return error;
  const { message, stack } = error;
  error.message = `${message.trimEnd()}\n\n${[...came, ...hints].join(' ')}`;
  // Some runners print the stack alone, which repeats the message.
  if (stack !== undefined) error.stack = stack.replace(message, () => error.message);
  return error;
};
