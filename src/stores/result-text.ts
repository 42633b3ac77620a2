import type { OperationResult } from '../models/operation-store.js';

const texts = new WeakMap<OperationResult, string>();

/** A result as it is recorded. It is text from the beginning, and read again only by a store that keeps something else. */
export const recordedResult = (kind: OperationResult['kind'], value: object): OperationResult => {
  const text = JSON.stringify(value);
  const result: OperationResult = {
    kind,
    get value() {
      const parsed: unknown = JSON.parse(text);
      return parsed;
    },
  };
  texts.set(result, `{"kind":"${kind}","value":${text}}`);
  return result;
};

/** A result as JSON. */
export const resultText = (result: OperationResult): string => texts.get(result) ?? JSON.stringify(result);
