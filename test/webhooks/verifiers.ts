export { verifyJustifiWebhook } from '../../src/providers/justifi/index.js';
export { verifyMagpieWebhook } from '../../src/providers/magpie/index.js';
export { verifyOmiseWebhook } from '../../src/providers/omise/index.js';
export { verifyPinWebhook } from '../../src/providers/pin/index.js';
export { verifyStripeWebhook, type VerifiedWebhook } from '../../src/providers/stripe/index.js';
export { verifyPaymongoWebhook } from '../../src/providers/paymongo/index.js';
