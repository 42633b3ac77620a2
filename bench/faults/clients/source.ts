import type { PaymentSource } from '../../../src/models/payment-source.js';

/** A card by its number, where that is what the provider charges. */
export type CardSource = Extract<PaymentSource, { type: 'card' }>;
