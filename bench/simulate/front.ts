import type { ExchangeAnswer } from '../../src/transport/exchange.js';
import type { Random } from './random.js';

const page = (status: number, title: string): string =>
  `<html><head><title>${status} ${title}</title></head><body><h1>${title}</h1></body></html>`;

/** What a firewall, a gateway or a balancer in front of a provider says in its place. */
export const frontRefusal = (random: Random): ExchangeAnswer => {
  const status = random.pick([401, 403, 404, 429, 502, 503]);
  const isEmpty = random.chance(0.3);
  return {
    status,
    headers: isEmpty ? {} : { 'content-type': 'text/html' },
    text: isEmpty ? '' : page(status, 'Request refused'),
  };
};
