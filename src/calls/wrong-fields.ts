import type * as z from 'zod';
import { accepts } from '../models/accepts.js';
import { chargeSchema, type Charge } from '../models/charge.js';
import type { Refund } from '../models/refund.js';
import { isPathId } from '../transport/encode.js';
import { holdsSecret } from '../transport/redact.js';
import { collectDrift } from './call.js';
import type { CallContext } from './start-call.js';

const refusedFields = (schema: z.ZodType, model: object): Set<string> =>
  new Set(schema.safeParse(model).error?.issues.map((issue) => issue.path.map(String).join('.')));

/** The fields of a model that are not what they must be. */
export const wrongIn = (
  run: CallContext,
  schema: z.ZodType,
  model: { readonly id: string },
  idsIn: () => readonly string[],
): ReadonlySet<string> => {
  const fields = accepts(schema, model) ? new Set<string>() : refusedFields(schema, model);
  // An id that no later call would take is as good as none: the payment could never be read, captured or refunded.
  if (!isPathId(model.id)) fields.add('id');
  // An id cannot be masked: refuse one that holds a secret.
  if (fields.size === 0 && idsIn().some((id) => holdsSecret(id, run.context.secrets))) fields.add('id');
  return fields;
};

export const idsOf = ({ id, chargeId }: Refund): readonly string[] => [id, chargeId];

/** What only informs, and may be null: where such a part is wrong, it says nothing against the charge. */
const informing: ReadonlySet<string> = new Set(['disputes', 'fee', 'paymentMethod', 'threeDS']);

/** Leaves out the parts that only inform where nothing else is wrong, and reports them. False where that is not so. */
const isWithoutThem = (run: CallContext, charge: Charge, fields: ReadonlySet<string>): boolean => {
  const parts = [...new Set([...fields].map((path) => path.split('.')[0] ?? ''))];
  if (parts.length === 0 || !parts.every((part) => informing.has(part))) return false;
  try {
    Object.assign(charge, Object.fromEntries(parts.map((part) => [part, null])));
  } catch {
    // An adapter may have frozen it.
    return false;
  }
  const { drift, finish } = collectDrift(run);
  for (const part of parts) drift(part, 'wrong_type');
  finish(charge.id);
  return true;
};

/** The fields of a charge that are not what they must be, as paths. A wrong part that only informs is left out and reported. */
export const wrongFieldsOfCharge = (run: CallContext, charge: Charge): ReadonlySet<string> => {
  const wrong = () =>
    wrongIn(run, chargeSchema, charge, () => [
      charge.id,
      ...(charge.refunds ?? []).flatMap(idsOf),
      ...(charge.disputes ?? []).map(({ id }) => id),
    ]);
  const fields = wrong();
  return isWithoutThem(run, charge, fields) ? wrong() : fields;
};
