import type { Advice, ChargesError, Outcome } from 'unicharge';
import type { Order, OrderStatus } from './orders.js';

/** What a page tells first, and what it means for whoever reads it. */
export interface Words {
  readonly title: string;
  readonly text: string;
}

const nothingTaken = 'No money was taken.';

const afterDecline: Readonly<Record<Advice, string>> = {
  retry_later: 'Your bank does not allow it at the moment. Try another card, or this one again later.',
  fix_details: 'Check the number, the date and the security code, or try another card.',
  use_other_card: 'Your bank did not accept this card. Try another one.',
  do_not_retry: 'This card cannot be used here. Try another one.',
  contact_support: 'This is not the fault of your card. Try again later, or write to us.',
};

/** An order in the words of its payer. They follow from what is known about the money. */
export const wordsOf = (order: Order, status: OrderStatus): Words => {
  const { ending } = order;
  switch (status) {
    case 'open':
      return { title: 'Not paid yet', text: 'This order waits for you to pay.' };
    case 'pending':
      return {
        title: 'We are checking your payment',
        text: 'The answer of the payment service got lost, so your payment may have gone through. Please do not pay again: this page looks by itself.',
      };
    case 'waiting':
      return { title: 'One more step', text: 'Your bank or your wallet wants you to confirm this payment.' };
    case 'reserved':
      return {
        title: 'Thank you',
        text: 'The amount is reserved. It is charged when your order is shipped.',
      };
    case 'paid':
      return { title: 'Thank you', text: 'Your order is paid.' };
    case 'partly refunded':
      return { title: 'Partly refunded', text: 'A part of the amount is on its way back to you.' };
    case 'refunded':
      return { title: 'Refunded', text: 'The whole amount is on its way back to you.' };
    case 'failed':
      return {
        title: 'The payment failed',
        text: `${nothingTaken} ${ending?.advice ? afterDecline[ending.advice] : 'Try again, or use another card.'}`,
      };
    case 'not sent':
      return {
        title: 'We could not ask for your payment',
        text: `${nothingTaken} ${
          ending?.isRetryable === true
            ? 'The payment service cannot be reached at the moment.'
            : 'Something is wrong on our side. Please write to us.'
        }`,
      };
    case 'canceled':
      return { title: 'Canceled', text: 'This payment was canceled or has expired.' };
  }
};

/** Text with a capital letter at its beginning. */
export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** How an operation of the back office ended that did not succeed. */
export const officeWords = (error: ChargesError): Words => {
  const titles: Readonly<Record<Outcome, string>> = {
    not_sent: 'Not sent: no money moved',
    rejected: 'Refused: no money moved',
    unknown: 'Not known yet: money may have moved',
  };
  const advice: Readonly<Record<Outcome, string>> = {
    not_sent: error.isRetryable ? 'Try again in a moment.' : 'Trying the same again will not help.',
    rejected: 'Look at the reason before you try again.',
    unknown:
      'Use no other way, such as the dashboard of the provider: the same button asks again, and nothing is done twice.',
  };
  return { title: titles[error.outcome], text: `${sentence(error.message)}. ${advice[error.outcome]}` };
};
