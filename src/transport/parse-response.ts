import type { WireAnswer } from '../provider.js';
import type { ExchangeAnswer } from './exchange.js';

/** What the reading of an answer needs to know of its client. */
export interface AnswerReader {
  readonly requestIdHeaders: readonly string[];
  /** Whether an id may appear in errors and events: not if it holds a secret or a card number. */
  isShownId(id: string): boolean;
}

const isJsonType = (contentType: string | undefined): boolean =>
  contentType === undefined || /json|text\/plain/i.test(contentType);

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Request ids are logged verbatim: ignore a header value that is not shaped like one. */
const requestIdShape = /^[\w.:+/=~-]{1,200}$/;

const requestIdIn = (reader: AnswerReader, headers: ExchangeAnswer['headers']): string | null => {
  for (const name of reader.requestIdHeaders) {
    const id = headers[name];
    if (id !== undefined && requestIdShape.test(id) && reader.isShownId(id)) return id;
  }
  return null;
};

/** An answer with its JSON parsed. A body of another type is none. */
export const parseResponse = (
  reader: AnswerReader,
  { status, headers, text }: ExchangeAnswer,
): WireAnswer => ({
  status,
  headers,
  body: isJsonType(headers['content-type']) ? parseJson(text) : undefined,
  requestId: requestIdIn(reader, headers),
});
