/** How often the network, the store and the processes misbehave, each as a probability. */
export interface Weather {
  readonly refused: number;
  readonly requestLost: number;
  readonly answerLost: number;
  readonly answerCut: number;
  readonly badGateway: number;
  /** The provider acts and answers with its own 500. */
  readonly serverError: number;
  readonly slowRequest: number;
  readonly duplicated: number;
  readonly killed: number;
  readonly frozen: number;
  /** A process stands still for longer than its lease lasts, between two calls of its store. */
  readonly stalled: number;
  readonly store: number;
  /** Something in front of the provider refuses in its place. */
  readonly frontInstead: number;
  /** Something in front of the provider replaces its answer by a refusal, though it has acted. */
  readonly frontAfter: number;
  /** The answer of another request of the same kind is given. */
  readonly crossed: number;
  /** The second copy of a doubled create is declined. */
  readonly copyDeclined: number;
  /** A page of a list that announces more comes empty. */
  readonly emptyPage: number;
  /** A wall clock jumps while a write is under way. */
  readonly jump: number;
}

export const calm: Weather = {
  refused: 0,
  requestLost: 0,
  answerLost: 0,
  answerCut: 0,
  badGateway: 0,
  serverError: 0,
  slowRequest: 0,
  duplicated: 0,
  killed: 0,
  frozen: 0,
  stalled: 0,
  store: 0,
  frontInstead: 0,
  frontAfter: 0,
  crossed: 0,
  copyDeclined: 0,
  emptyPage: 0,
  jump: 0,
};

/** What is going on in every world. */
export const storms: readonly Weather[] = [
  {
    ...calm,
    refused: 0.1,
    requestLost: 0.1,
    answerLost: 0.15,
    answerCut: 0.05,
    badGateway: 0.05,
    serverError: 0.05,
    slowRequest: 0.05,
    duplicated: 0.02,
    killed: 0.05,
    frozen: 0.03,
    stalled: 0.005,
  },
  {
    ...calm,
    refused: 0.02,
    requestLost: 0.3,
    answerLost: 0.3,
    answerCut: 0.02,
    badGateway: 0.02,
    serverError: 0.02,
    slowRequest: 0.3,
    killed: 0.15,
    frozen: 0.1,
    stalled: 0.01,
  },
  { ...calm, answerLost: 0.5, answerCut: 0.1, badGateway: 0.1, duplicated: 0.1, killed: 0.3 },
];

/**
 * What only some worlds have, so that each is seen alone and beside others.
 *
 * - `clocks`: store, provider and every process disagree by up to hours
 * - `jumps`: wall clocks jump by up to hours during a write, the store's only backwards: one that jumps ahead ends leases
 *   of owners that live, which no store can tell from time
 * - `store`: calls of the store fail before and after their effect
 * - `foreign`: charges and refunds that others make, without a stamp, more than a page holds
 * - `lists`: pages of a list that announce more come empty
 * - `two_keys`: a second write with another key on the same charge
 * - `changed`: a later call of a key has another source, metadata, amount or currency
 * - `front`: 401, 403, 404, 429 and pages of something in front of the provider
 * - `crossed`: answers about another charge
 * - `garbled`: a create arrives with another currency than was sent
 * - `declined_copy`: the second copy of a doubled create is declined, and may be the one that is heard
 * - `stamps`: the provider drops or cuts the stamp
 * - `restarts`: the default store, which ends with its process
 */
export const aspects = [
  'clocks',
  'jumps',
  'store',
  'foreign',
  'lists',
  'two_keys',
  'changed',
  'front',
  'crossed',
  'garbled',
  'declined_copy',
  'stamps',
  'restarts',
] as const;
export type Aspect = (typeof aspects)[number];

/** A storm with what the aspects of a world add to it. */
export const stormIn = (storm: Weather, has: ReadonlySet<Aspect>): Weather => ({
  ...storm,
  ...(has.has('store') ? { store: 0.03 } : {}),
  ...(has.has('front') ? { frontInstead: 0.1, frontAfter: 0.15 } : {}),
  ...(has.has('crossed') ? { crossed: 0.15 } : {}),
  ...(has.has('declined_copy') ? { duplicated: 0.25, copyDeclined: 0.6 } : {}),
  ...(has.has('lists') ? { emptyPage: 0.3 } : {}),
  ...(has.has('jumps') ? { jump: 0.3 } : {}),
  // Without a shared store a process that dies leaves nothing behind: restarts are planned, not random.
  ...(has.has('restarts') ? { killed: 0 } : {}),
});
