/** A whole HTTP/1.1 message as it came over the wire. */
export interface HttpMessage {
  readonly bytes: Buffer;
  /** Up to and with the empty line. */
  readonly headLength: number;
  readonly startLine: string;
}

const endOfHead = '\r\n\r\n';
const endOfChunks = '0\r\n\r\n';

const headerIn = (head: string, name: string): string | undefined =>
  new RegExp(`^${name}:[ \\t]*(.*?)[ \\t]*$`, 'im').exec(head)?.[1];

/** The first whole message in what was received, or null while more must come. Trailers are not expected. */
export const readMessage = (received: Buffer, isAnswer: boolean): HttpMessage | null => {
  const end = received.indexOf(endOfHead);
  if (end < 0) return null;
  const headLength = end + endOfHead.length;
  const head = received.toString('latin1', 0, end);
  const startLine = head.slice(0, Math.max(0, head.indexOf('\r\n')));
  const whole = (length: number): HttpMessage | null =>
    received.length < length ? null : { bytes: received.subarray(0, length), headLength, startLine };
  if (/chunked/i.test(headerIn(head, 'transfer-encoding') ?? '')) {
    const last = received.indexOf(endOfChunks, headLength);
    // A chunk could hold these bytes itself, but not JSON or a form.
    return last < 0 ? null : whole(last + endOfChunks.length);
  }
  const length = headerIn(head, 'content-length');
  if (length === undefined && isAnswer) throw new Error(`an answer without a length: ${startLine}`);
  return whole(headLength + Number(length ?? 0));
};
