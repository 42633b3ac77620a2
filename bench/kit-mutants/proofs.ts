import { mutants } from './mutants.js';
import { runKit } from './run-kit.js';

/** A case of the kit, and a planted fault that it has to notice itself, whatever other cases notice. */
export interface Proof {
  /** The start of the name, behind its group. */
  readonly named: string;
  readonly subject: 'fake' | 'acme';
  readonly mutant: string;
}

export const proofs: readonly Proof[] = [
  {
    named: 'an authorization whose answer is lost is found or replayed',
    subject: 'acme',
    mutant: 'the list shows settled money only',
  },
  {
    named: 'an authorization whose answer is lost is found by reconcile',
    subject: 'acme',
    mutant: 'the list shows settled money only',
  },
  {
    named: 'a key that has charged is told with its charge',
    subject: 'acme',
    mutant: 'create loses the stamp',
  },
  {
    named: 'a key whose answer was lost is never said to be unsent',
    subject: 'acme',
    mutant: 'create loses the stamp',
  },
  {
    named: 'a read that is answered with another charge',
    subject: 'fake',
    mutant: 'retrieve takes any charge for the one that was asked',
  },
  {
    named: 'a capture whose reads and answer are about another charge',
    subject: 'fake',
    mutant: 'capture takes any charge for the one that was asked',
  },
  {
    named: 'a void whose reads and answer are about another charge',
    subject: 'fake',
    mutant: 'void takes any charge for the one that was asked',
  },
  {
    named: 'a refund whose reads and answer are about another charge',
    subject: 'fake',
    mutant: 'refund takes any charge for the one that was asked',
  },
  {
    named: 'a delivery is heard, as text and as bytes',
    subject: 'acme',
    mutant: 'an event names another charge',
  },
  {
    named: 'a delivery is heard while the secret is replaced',
    subject: 'acme',
    mutant: 'only the first secret is tried',
  },
  {
    named: 'a delivery that differs from what was signed',
    subject: 'acme',
    mutant: 'a signature that was right once is right for every body',
  },
  {
    named: 'a delivery that differs from what was signed',
    subject: 'acme',
    mutant: 'half of the signature is compared',
  },
  {
    named: 'a delivery that was signed with another secret',
    subject: 'acme',
    mutant: 'a secret in the code is believed, too',
  },
  {
    named: 'without a secret nothing is heard',
    subject: 'acme',
    mutant: 'a missing secret is a wrong signature',
  },
  {
    named: 'a delivery that was signed long ago',
    subject: 'acme',
    mutant: 'a time in the future is believed',
  },
  {
    named: 'the same delivery has the same dedupeKey',
    subject: 'acme',
    mutant: 'all deliveries have one dedupeKey',
  },
  {
    named: 'errors about deliveries show no secret',
    subject: 'acme',
    mutant: 'the refusal names the secret',
  },
];

/** Whether the case notices its fault. */
export const isProven = async ({ named, subject, mutant }: Proof): Promise<boolean> => {
  const planted = mutants.find((each) => each.subject.name === subject && each.name === mutant);
  if (planted === undefined) throw new RangeError(`no such planted fault: ${mutant}`);
  const options = planted.subject.open(
    planted.change?.(planted.subject.spec) ?? planted.subject.spec,
    planted.way,
  );
  const { failures } = await runKit(options, { stopAtFirst: false, named });
  return failures.length > 0;
};
