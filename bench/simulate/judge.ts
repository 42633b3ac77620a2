import { CardError, ChargesError, IdempotencyConflictError } from '../../src/errors.js';
import type { Charge } from '../../src/models/charge.js';
import type { Refund } from '../../src/models/refund.js';
import type { LedgerCharge } from '../../src/simulator/index.js';
import type { Effect } from './effects.js';
import { hasKeys } from './sources.js';
import { makesCharge, makesRefund, type Asked, type Final, type Told } from './story.js';
import { settleMs, type World } from './world.js';

/** Everything that is known of one key when it is over. */
export interface KeyStory {
  readonly key: string;
  readonly asked: Asked;
  readonly target: string | null;
  readonly told: readonly Told[];
  /** What the other keys of the same charge were told. */
  readonly toldOthers: readonly Told[];
  /** What every call of the key asked for, those of which nothing was heard among them. */
  readonly asks: readonly Asked[];
  readonly final: Final;
  /** The process that was asked last, and when. */
  readonly lastProcess: string;
  readonly lastAt: number;
  readonly effects: readonly Effect[];
  readonly duplicates: number;
  readonly refundsBefore: ReadonlySet<string>;
}

const isRefund = (made: Charge | Refund): made is Refund => 'chargeId' in made;

/** A call may end a little after its deadline: the store has limits of its own. */
const slackMs = 60_000;

export const sayFinal = (final: Final): string => {
  if (final === 'duplicate' || final === 'never') return final;
  return 'failed' in final ? String(final.failed) : final.reconciled.outcome;
};

/** Refunds carry their key to the provider, so that a copy of one can be told from another. */
const refundsCarryKeys = ({ provider }: World): boolean => provider !== 'pin' && provider !== 'magpie';

/** Whether what a write makes carries its key at the provider. */
const carriesKey = (world: World, { kind }: Asked): boolean =>
  makesCharge(kind) || (makesRefund(kind) && refundsCarryKeys(world));

/** What is wrong with a charge that somebody was told, compared with the one in the ledger. */
export const compare = (told: Charge, truth: LedgerCharge | undefined): string[] => {
  if (truth === undefined) return [`told of a charge that does not exist: ${told.id}`];
  const wrong: string[] = [];
  if (told.amount !== truth.amount || told.currency !== truth.currency)
    wrong.push(`told ${told.currency} ${told.amount}, but it is ${truth.currency} ${truth.amount}`);
  if (told.amountCaptured !== null && told.amountCaptured !== truth.amountCaptured)
    wrong.push(`told that ${told.amountCaptured} is captured, but it is ${truth.amountCaptured}`);
  if (told.amountRefunded !== truth.amountRefunded)
    wrong.push(`told that ${told.amountRefunded} is refunded, but it is ${truth.amountRefunded}`);
  if (told.status !== truth.state) wrong.push(`told ${told.status}, but it is ${truth.state}`);
  return wrong;
};

/**
 * The state of a charge that somebody was told: an answer tells how it stood when the write was done, and a record tells that
 * again later. Where none agrees, how it stood last.
 */
const stateTold = (world: World, story: KeyStory, told: Charge, until: number): LedgerCharge | undefined => {
  const from = Math.min(
    ...story.told.map(({ startedAt }) => startedAt),
    ...story.effects.map(({ leftAt }) => leftAt),
  );
  const states = world.effects.statesOf(told.id, from, until);
  return states.findLast((state) => compare(told, state).length === 0) ?? states.at(-1);
};

/**
 * Magpie does not tell how much of a partial capture was taken: who finds a charge captured takes it for the asked amount, and
 * so does who hears the answer to another capture of it.
 */
const mayBeOthersCapture = (world: World, story: KeyStory, made: Charge): boolean => {
  if ((world.provider as string) !== 'magpie') return false;
  if (made.amountCaptured !== null && !world.has.has('crossed')) return false;
  const isOwn = story.effects.some(({ what }) => what === 'captured');
  return !isOwn || new Set(story.asks.map(({ amount }) => amount)).size > 1;
};

/**
 * An answer about a charge of another key that this process never heard of, where the provider drops stamps: nothing in it says
 * whose it is.
 */
const isSwapped = ({ has, knowledge }: World, { key }: KeyStory): boolean =>
  has.has('stamps') && knowledge.wasCrossed(key);

/** What is wrong with a success that somebody was told. */
const judgeSuccess = (
  world: World,
  story: KeyStory,
  asked: Asked,
  made: Charge | Refund,
  { process, at }: { readonly process: string; readonly at: number },
): string[] => {
  const { key, target, effects } = story;
  const wrong: string[] = [];
  const charges = world.providers.ledger.charges(world.provider);
  if (isRefund(made)) {
    if (!makesRefund(asked.kind)) return ['told of a refund instead of a charge'];
    if (made.chargeId !== target) wrong.push('told of a refund of another charge');
    const truth = charges.find(({ id }) => id === target)?.refunds.find(({ id }) => id === made.id);
    if (truth === undefined) return [...wrong, 'told of a refund that the charge does not have'];
    if (made.amount !== truth.amount || made.currency !== asked.currency)
      wrong.push(`told of a refund of ${made.amount}, but it is ${truth.amount}`);
    if (asked.amount !== null && made.amount !== asked.amount)
      wrong.push(`asked for a refund of ${asked.amount}, told of one of ${made.amount}`);
    // An empty list of refunds names no charge: who was given that of another charge knows of no refund before.
    const isListBlind = (world.provider as string) === 'pin' && world.has.has('crossed');
    if (story.refundsBefore.has(made.id) && !isListBlind)
      wrong.push('told of a refund that was there before');
    if (refundsCarryKeys(world) && world.effects.refundOwner(made.id) !== key)
      wrong.push('told of the refund of another key');
    const takers = story.toldOthers.filter(({ result }) => 'value' in result && result.value.id === made.id);
    // Without a stamp and without a shared store, a new process cannot know which refund another key was told of.
    const isUnknowable = world.has.has('restarts') && !refundsCarryKeys(world);
    if (takers.some((other) => !isUnknowable || other.process === process))
      wrong.push('two keys were told of one refund');
    return wrong;
  }
  if (makesRefund(asked.kind)) return ['told of a charge instead of a refund'];
  if (makesCharge(asked.kind)) {
    const isOwn = effects.some(({ what, chargeId }) => what === 'charge' && chargeId === made.id);
    const isOfAnother = !isOwn && isSwapped(world, story);
    if (!isOwn && !isOfAnother) wrong.push('told of a charge that this key did not make');
    // The answer to another key's create tells how that charge stood then, which may be long ago.
    const truth = isOfAnother ? undefined : stateTold(world, story, made, at);
    if (truth !== undefined) wrong.push(...compare(made, truth));
    if (made.amount !== asked.amount || made.currency !== asked.currency)
      wrong.push(`asked for ${asked.currency} ${asked.amount}, told ${made.currency} ${made.amount}`);
    return wrong;
  }
  if (made.id !== target) return ['told of another charge than was asked for'];
  const isOthers = asked.kind === 'capture' && mayBeOthersCapture(world, story, made);
  const truth = stateTold(world, story, made, at);
  wrong.push(...compare(isOthers ? { ...made, amountCaptured: null } : made, truth));
  const state = asked.kind === 'capture' ? 'captured' : 'voided';
  if (made.status !== state) wrong.push(`asked for ${state}, told ${made.status}`);
  if (asked.kind === 'capture' && truth !== undefined) {
    const amount = asked.amount ?? truth.amount;
    if (truth.amountCaptured !== amount && !isOthers)
      wrong.push(`asked to capture ${amount}, told that it is done, but ${truth.amountCaptured} is captured`);
  }
  return wrong;
};

/**
 * A new process without the records of the one before knows of its writes what the provider shows: what carries the key. A
 * capture carries none, and a call that did not reach the provider learned nothing.
 */
const cannotKnow = (world: World, story: KeyStory, told: Told, error: ChargesError): boolean => {
  const { process, at } = told;
  const isOwn = (effect: Effect): boolean => effect.process === process && effect.leftAt <= at;
  if (!world.has.has('restarts') || story.effects.some(isOwn)) return false;
  if (error.outcome === 'not_sent') {
    // A changed request is told what the process recorded of the first one: that it did not happen.
    const wasUnsent = ({ result, process: other }: Told): boolean =>
      other === process && 'error' in result && (result.error as ChargesError).outcome === 'not_sent';
    return !(error instanceof IdempotencyConflictError) || story.told.some(wasUnsent);
  }
  return !carriesKey(world, story.asked);
};

/**
 * Where the provider loses stamps, a process that never saw one lost takes the missing stamp for a write that was not made;
 * what it recorded is what the others find.
 */
const isBlind = (world: World, story: KeyStory, process: string, at: number): boolean => {
  if (!world.has.has('stamps')) return false;
  // Without its stamp and in another currency nothing shows that it is ours.
  if (world.isGarbled(story.key)) return true;
  return [
    { process, at },
    ...story.told,
    ...story.effects.map((effect) => ({ process: effect.process, at: effect.leftAt })),
  ].some((each) => each.at <= at && !world.knowledge.knewStampLost(each.process, each.at));
};

/** A look opens this long before a write began, by the clock that says the longer time. */
const windowMarginMs = 3 * 60 * 60_000;

/**
 * Both clocks by which a look knows how long ago a write was sent, the store's and that of the machine, have lost more than its
 * window allows for: a documented limit.
 */
const isOutOfTime = (world: World, { effects }: KeyStory, process: string): boolean => {
  const now = world.clocksOf(process);
  return effects.some(
    ({ clocks }) => Math.min(clocks.wallMs - now.wallMs, clocks.storeMs - now.storeMs) > windowMarginMs,
  );
};

/** A capture that another key's void took back, or the other way round: the charge shows what came last. */
const isUndone = (world: World, { target }: KeyStory, { what }: Effect, at: number): boolean => {
  if (target === null || (what !== 'captured' && what !== 'voided')) return false;
  return world.effects.statesOf(target, at, at).at(-1)?.state !== what;
};

/**
 * Whether the process itself had sent for the key: it knows that without a store. What leaves in the same millisecond is a call
 * beside it, which answers for itself.
 */
const hasSentItself = (story: KeyStory, { process, at }: Told): boolean =>
  story.effects.some((effect) => effect.process === process && effect.leftAt < at);

/** Whether a decline may have answered the second copy of a request, and no look could show the first. */
const isDeclineOfCopy = ({ knowledge, duplicatesOf }: World, { key }: KeyStory): boolean =>
  knowledge.wasHindered(key) && duplicatesOf(key) > 0;

/** An error that answers for what its process could know, and no more. */
const answersForLess = (world: World, story: KeyStory, told: Told, error: ChargesError): boolean => {
  const { process, startedAt, at } = told;
  if (cannotKnow(world, story, told, error)) return true;
  if (carriesKey(world, story.asked) && isBlind(world, story, process, at)) return true;
  // The store was asked and did not answer, so that nobody knows what is recorded.
  if (error.code === 'store_unavailable' && error.outcome === 'not_sent' && !hasSentItself(story, told)) {
    if (world.knowledge.didBeginFail({ key: story.key, process }, startedAt, at)) return true;
  }
  // The store let it go before anything was sent; a process that stood still told of it later.
  const letGoAt = world.knowledge.letGoAt({ key: story.key, process }, startedAt, at);
  if (error.outcome === 'not_sent' && letGoAt !== null)
    return story.effects.every((effect) => effect.process !== process && effect.leftAt > letGoAt);
  // A decline in the provider's own words stands where the network doubled the request and the one quick look for the first
  // copy met a fault: a documented limit. A changed request is told of it, too; and who knows of it has sent nothing that is open.
  const isDecline = error instanceof CardError || error instanceof IdempotencyConflictError;
  const isOfDecline = isDecline ? error.outcome === 'rejected' : error.code === 'store_unavailable';
  return isOfDecline && isDeclineOfCopy(world, story);
};

/** What is wrong with an error that somebody was told. */
const judgeError = (world: World, story: KeyStory, told: Told): string[] => {
  const { at, result } = told;
  const error = 'error' in result ? result.error : null;
  if (!(error instanceof ChargesError)) return [`an untyped exception: ${String(error)}`];
  const wrong: string[] = [];
  const { outcome, name, chargeId } = error;
  // The outcome answers for the key: what had happened by then, or was still on its way.
  const done = story.effects.filter((effect) => effect.leftAt <= at && !isUndone(world, story, effect, at));
  const why = error.code === null ? name : `${name} ${error.code}`;
  if (outcome !== 'unknown' && done.length > 0 && !answersForLess(world, story, told, error))
    wrong.push(`happened, but reported as ${outcome} (${why})`);
  const charges = world.providers.ledger.charges(world.provider);
  if (story.target !== null && chargeId !== null && chargeId !== story.target)
    wrong.push(`an error about another charge (${name})`);
  const named = charges.find(({ id }) => id === chargeId);
  const isNoOnes = named === undefined || named.state === 'failed' || isSwapped(world, story);
  const isOwn = story.effects.some((effect) => effect.chargeId === chargeId);
  if (story.target === null && !isNoOnes && !isOwn)
    wrong.push(`an error about a charge of another key (${why})`);
  if (chargeId !== null && named === undefined)
    wrong.push(`an error about a charge that does not exist (${name})`);
  if (error instanceof CardError && story.target === null && outcome === 'rejected' && named !== undefined) {
    if (named.state !== 'failed') wrong.push(`told declined, but the charge is ${named.state}`);
  }
  const charge = 'charge' in error ? (error.charge as Charge | null) : null;
  if (charge !== null && named !== undefined && charge.id === named.id) {
    if (charge.amount !== named.amount || charge.currency !== named.currency)
      wrong.push(`an error told ${charge.currency} ${charge.amount} of ${named.currency} ${named.amount}`);
  }
  return wrong;
};

/** What is wrong with what `reconcile` said. */
const judgeReconciliation = (
  world: World,
  story: KeyStory,
  final: {
    readonly startedAt: number;
    readonly at: number;
    readonly process: string;
    readonly said: Extract<Final, object>;
  },
): string[] => {
  if ('failed' in final.said) {
    const { failed } = final.said;
    return failed instanceof ChargesError ? [] : [`an untyped exception: ${String(failed)}`];
  }
  const { reconciled } = final.said;
  // A call that began when `reconcile` was under way answers for itself.
  const done = story.effects.filter(
    (effect) =>
      effect.calledAt < final.startedAt &&
      effect.leftAt <= final.at &&
      !isUndone(world, story, effect, final.at),
  );
  if (reconciled.outcome === 'did_not_happen') {
    // Its record may be that of a refusal for what the process before had done.
    const isOthers = !story.effects.some(({ process }) => process === final.process);
    if (world.has.has('restarts') && isOthers && !carriesKey(world, story.asked)) return [];
    if (carriesKey(world, story.asked) && isBlind(world, story, final.process, final.at)) return [];
    if (makesCharge(story.asked.kind) && isOutOfTime(world, story, final.process)) return [];
    // A decline that was believed, and nothing at the provider that says otherwise.
    if (world.has.has('stamps') && isDeclineOfCopy(world, story)) return [];
    return done.length > 0 ? ['reported as not happened, but it did'] : [];
  }
  if (reconciled.outcome !== 'happened') return [];
  const made = reconciled.charge ?? reconciled.refund;
  if (made === null) return ['reported as happened, without what it made'];
  // Of a create it gives the charge as it is; what was asked may have been changed by a later call of the key.
  if (makesCharge(story.asked.kind) && !isRefund(made)) {
    const isOwn = story.effects.some(({ chargeId }) => chargeId === made.id) || isSwapped(world, story);
    const truth = stateTold(world, story, made, final.at);
    return [
      ...(isOwn ? [] : ['reported as happened, but this key made no such charge']),
      ...compare(made, truth),
    ];
  }
  const amounts = new Set(story.asks.map(({ amount }) => amount));
  return amounts.size > 1 && !isRefund(made)
    ? made.id === story.target ? [] : ['reported another charge'] // prettier-ignore
    : judgeSuccess(
        world,
        story,
        amounts.size > 1 ? { ...story.asked, amount: null } : story.asked,
        made,
        final,
      );
};

/** Whether every refund of the charge that could be taken for that of this key is the recorded success of another key. */
const areOthersClaimed = (world: World, story: KeyStory): boolean => {
  const charge = world.providers.ledger.charges(world.provider).find(({ id }) => id === story.target);
  const claimed = new Set(
    story.toldOthers.flatMap(({ result }) => ('value' in result ? [result.value.id] : [])),
  );
  const own = new Set(story.effects.map(({ refundId }) => refundId));
  return (charge?.refunds ?? []).every(
    ({ id }) => own.has(id) || claimed.has(id) || story.refundsBefore.has(id),
  );
};

/** Whether nobody can be blamed for not knowing. */
const mayStayUnknown = (world: World, story: KeyStory): boolean => {
  const { has } = world;
  if (has.has('restarts') || has.has('stamps')) return true;
  if (world.isGarbled(story.key)) return true;
  // A write that was never sent leaves no record: there is nothing to reconcile, and the same call starts anew.
  if (!world.keysOnRecord().has(story.key) && story.effects.length === 0) return true;
  // A charge of others that could be ours, where no stamp was seen that says that stamps are kept.
  const { final } = story;
  const hasCandidates =
    typeof final === 'object' &&
    'reconciled' in final &&
    final.reconciled.outcome === 'unknown' &&
    final.reconciled.candidates.length > 0;
  if ((has.has('foreign') || has.has('lists')) && hasCandidates) return true;
  // Magpie does not tell how much was captured, so that the capture of another key may be this one's.
  const isOnlyOthers =
    story.asked.kind === 'capture' && !story.effects.some(({ what }) => what === 'captured');
  if (isOnlyOthers && (world.provider as string) === 'magpie' && has.has('two_keys')) return true;
  // Refunds without a stamp: several of one amount are told apart only where the others are claimed.
  if (makesRefund(story.asked.kind) && !refundsCarryKeys(world)) {
    return has.has('foreign') || story.effects.length > 1 || !areOthersClaimed(world, story);
  }
  return false;
};

/**
 * Without a shared store and without keys at the provider, a new process is promised nothing while the request of the one
 * before may still be under way: one that stood still sends late.
 */
const isTooSoon = ({ has, provider }: World, { effects }: KeyStory, { process, leftAt }: Effect): boolean =>
  has.has('restarts') &&
  !hasKeys(provider) &&
  effects.some((each) => each.process !== process && Math.abs(leftAt - each.leftAt) < settleMs);

/** Further effects that come of what nobody could know. */
const excusedEffects = (world: World, story: KeyStory): number => {
  const [first, ...later] = story.effects;
  if (first === undefined) return 0;
  const others = later.filter((effect) => !isTooSoon(world, story, effect));
  const tooSoon = later.length - others.length;
  if (carriesKey(world, story.asked))
    return tooSoon + others.filter(({ process, leftAt }) => isBlind(world, story, process, leftAt)).length;
  if (!world.has.has('restarts') || story.asked.amount === null) return tooSoon;
  // A refund without a key, asked for by a new process with another amount, is another refund.
  const refunds = world.providers.ledger.charges(world.provider).flatMap(({ refunds: all }) => all);
  const amountOf = ({ refundId }: Effect) => refunds.find(({ id }) => id === refundId)?.amount;
  const isAnother = (effect: Effect): boolean => {
    const before = story.effects.slice(0, story.effects.indexOf(effect));
    return !before.some((each) => amountOf(each) === amountOf(effect));
  };
  return tooSoon + others.filter(isAnother).length;
};

/** What was wrong with everything that the callers of one key were told, judged by the ledger. */
export const judgeKey = (world: World, story: KeyStory): string[] => {
  const { effects, duplicates, final, asked } = story;
  const found: string[] = [];
  const excused = excusedEffects(world, story);
  // One doubled request excuses one further effect, and no more.
  if (effects.length > 1 + duplicates + excused)
    found.push(
      `double ${asked.kind}: ${effects.length} effects, ${duplicates} requests doubled by the network`,
    );
  if (story.target !== null && effects.some(({ chargeId }) => chargeId !== story.target))
    found.push('acted on another charge than was asked for');
  for (const told of story.told) {
    const { result } = told;
    if ('value' in result) found.push(...judgeSuccess(world, story, told.asked, result.value, told));
    else if ('error' in result) found.push(...judgeError(world, story, told));
    else found.push(...judgeReconciliation(world, story, { ...told, said: result }));
    if (told.at - told.startedAt > told.deadlineMs + told.frozenMs + slackMs)
      found.push(`a call lasted ${told.at - told.startedAt} ms, its deadline was ${told.deadlineMs} ms`);
  }
  const ids = new Set(story.told.flatMap(({ result }) => ('value' in result ? [result.value.id] : [])));
  if (ids.size > 1 + excused && !isSwapped(world, story))
    found.push('two calls of one key resolved with two charges or refunds');

  const isDoubled = effects.length > 1;
  if (final === 'never') found.push('reconcile never ended');
  else if (final === 'duplicate') {
    if (!isDoubled) found.push('a duplicate was reported that is none');
  } else {
    found.push(
      ...judgeReconciliation(world, story, {
        startedAt: story.lastAt,
        at: story.lastAt,
        process: story.lastProcess,
        said: final,
      }),
    );
    const said = sayFinal(final);
    const isSettled = said === 'happened' || said === 'did_not_happen';
    if (isDoubled && carriesKey(world, asked) && said !== 'unknown' && !mayStayUnknown(world, story))
      found.push('a doubled request was not detected');
    else if (!isSettled && !isDoubled && !mayStayUnknown(world, story))
      found.push(`lost: reconcile says ${said}`);
  }
  return [...new Set(found)];
};
