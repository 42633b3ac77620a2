import type { WireHandler } from '../../src/testing/in-memory-exchange.js';
import { acmeMutants } from './acme-mutants.js';
import type { Change } from './changes.js';
import { moneyMutants } from './money-mutants.js';
import { protocolMutants } from './protocol-mutants.js';
import { shapeMutants } from './shape-mutants.js';
import { acmeSubject, fakeSubject, type Subject } from './subject.js';
import { webhookMutants } from './webhook-mutants.js';

/** A planted fault: of the adapter, or of what it sends and receives. */
export interface Mutant {
  readonly name: string;
  readonly change?: Change | undefined;
  readonly way?: (handle: WireHandler) => WireHandler;
}

/** Every planted fault with the provider that it is planted in. */
export const mutants: readonly (Mutant & { readonly subject: Subject })[] = [
  ...[...moneyMutants, ...protocolMutants, ...shapeMutants].map((mutant) => ({
    ...mutant,
    subject: fakeSubject,
  })),
  ...[...acmeMutants, ...webhookMutants].map((mutant) => ({ ...mutant, subject: acmeSubject })),
];
