import type { SimulatorRequest, SimulatorResponse } from './face.js';
import type { Ids } from './ids.js';
import { payerPage, payerPathPrefix } from './payer-page.js';

/** What the payer decides. */
export type PayerDecision = 'approve' | 'decline';

/** A page on which the payer decides about a payment. */
export interface PayerSession {
  /** The origin of the provider that shows the page. */
  origin: string;
  merchant: string;
  /** Human-readable, with the currency: `EUR 45.90`. */
  amount: string;
  /** The last four digits of the card, or null for wallets and banks. */
  cardEnding: string | null;
  /**
   * Called once, at the first decision: changes the payment and answers with the URL that the payer is sent back to,
   * or null if the merchant gave none. It looks itself whether the payment is still open.
   */
  decide(decision: PayerDecision): string | null;
}

/** What a face uses to send payers somewhere. */
export interface PayerPages {
  /** Opens a page and answers with its URL. */
  open(session: PayerSession): string;
}

/** The payer's side: pages, and a payer who decides without a browser. */
export interface PayerDesk extends PayerPages {
  /** Decides on the page of a URL; the second time it only repeats where the payer was sent. */
  decide(url: string, decision: PayerDecision): string;
  /** Serves the page, or undefined when the request is for something else. */
  handle(request: SimulatorRequest): SimulatorResponse | undefined;
}

interface OpenPage {
  url: string;
  session: PayerSession;
  sentTo: string | null;
}

/** Makes the desk of a simulator. */
export const createPayerDesk = (ids: Ids): PayerDesk => {
  const pages = new Map<string, OpenPage>();

  const settle = (page: OpenPage, decision: PayerDecision): string => {
    page.sentTo ??= page.session.decide(decision) ?? page.url;
    return page.sentTo;
  };

  const html = (status: number, body: string): SimulatorResponse => ({
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
    body,
  });

  return {
    open: (session) => {
      const id = ids.next('', 24);
      const url = `${session.origin}${payerPathPrefix}${id}`;
      pages.set(id, { url, session, sentTo: null });
      return url;
    },
    decide: (url, decision) => {
      if (typeof url !== 'string' || !URL.canParse(url))
        throw new TypeError(
          `payer.${decision} takes the address of a payer page: pass charge.nextAction.url.`,
        );
      const id = new URL(url).pathname.split(payerPathPrefix)[1] ?? '';
      const page = pages.get(id);
      if (page === undefined)
        throw new RangeError('This URL is no payer page of this simulator: pass charge.nextAction.url.');
      return settle(page, decision);
    },
    handle: (request) => {
      if (!request.path.startsWith(payerPathPrefix)) return undefined;
      const [id = '', action] = request.path.slice(payerPathPrefix.length).split('/');
      const page = pages.get(id);
      if (page === undefined) return html(404, payerPage({ state: 'unknown' }));
      if (request.method === 'GET' && action === undefined) {
        const { merchant, amount, cardEnding } = page.session;
        return html(
          200,
          page.sentTo === null
            ? payerPage({ state: 'open', path: request.path, merchant, amount, cardEnding })
            : payerPage({ state: 'decided' }),
        );
      }
      if (request.method === 'POST' && (action === 'approve' || action === 'decline')) {
        return {
          status: 303,
          headers: { location: settle(page, action), 'cache-control': 'no-store' },
          body: '',
        };
      }
      return html(405, payerPage({ state: 'unknown' }));
    },
  };
};
