/** What Acme's refusals mean. */
import { defaultAdvice, type ProviderFailure, type WireAnswer } from 'unicharge';
import { declineOf, problemWire } from './acme-payment.js';

const kinds: Readonly<Record<number, ProviderFailure['kind']>> = {
  400: 'invalid_request',
  401: 'authentication',
  402: 'card',
  404: 'not_found',
  409: 'conflict',
  429: 'rate_limit',
};

/** What Acme did not refuse in its own words may have happened. */
export const failure = ({ status, body }: WireAnswer): ProviderFailure => {
  const problem = problemWire.safeParse(body).data?.problem;
  const kind = (problem === undefined ? undefined : kinds[status]) ?? 'provider';
  const declineCode = declineOf(problem?.code ?? '');
  return {
    kind,
    outcome: kind === 'provider' ? 'unknown' : 'rejected',
    message: problem?.text ?? `answered with HTTP ${status}`,
    providerCode: problem?.code ?? null,
    chargeId: problem?.payment ?? null,
    mayBeOwnSuccess: kind === 'conflict',
    ...(kind === 'card' ? { declineCode, advice: defaultAdvice[declineCode] } : {}),
  };
};
