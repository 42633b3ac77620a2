/** What a command ends with: everything is as it should be. */
export const allWell = 0;
/** It could not do its work: a server is away, a key is refused, a module does not load. */
export const couldNotWork = 1;
/** The words on the command line make no sense. */
export const notUnderstood = 2;
/** It did its work, and something waits for somebody: writes that stay open, a problem that was found. */
export const needsAttention = 3;

/** Why a command cannot go on, in words for whoever called it. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  constructor(
    message: string,
    readonly exitCode: typeof couldNotWork | typeof notUnderstood = couldNotWork,
  ) {
    super(message);
  }
}
