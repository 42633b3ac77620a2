import type { ChargesError } from '../errors.js';

const echoes = new WeakSet<ChargesError>();

/** Marks a refusal that an earlier success of the same write would cause, too. */
export const markEchoOfSuccess = <Failure extends ChargesError>(error: Failure): Failure => {
  echoes.add(error);
  return error;
};

/** Whether a refusal is one that an earlier success of the same write would cause, too. */
export const mayBeEchoOfSuccess = (error: ChargesError): boolean => echoes.has(error);
