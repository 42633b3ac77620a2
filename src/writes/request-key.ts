import type { CallContext } from '../calls/start-call.js';
import { derivedFrom } from '../models/objects.js';

/** The same call of a row whose request the provider keeps no key for: it is safe as at a provider without keys. */
const withoutKey = (run: CallContext): CallContext => {
  const protocol = derivedFrom(run.context.protocol, { keyLifetimeMs: null });
  return { ...run, context: derivedFrom(run.context, { protocol }) };
};

/** The call of a write, by whether the provider keeps the key of its request. */
export const byKey = <Input>(
  run: CallContext,
  { takesKey = true }: { readonly takesKey?: boolean | ((input: Input) => boolean) },
  input: Input,
): CallContext => ((typeof takesKey === 'function' ? takesKey(input) : takesKey) ? run : withoutKey(run));

/** How a request of a write may be repeated, and the key that goes with it. */
export const keyOf = ({ context, idempotencyKey }: CallContext) =>
  context.protocol.keyLifetimeMs === null
    ? ({ repeatability: 'once', key: null } as const)
    : ({ repeatability: 'provider-key', key: idempotencyKey } as const);
