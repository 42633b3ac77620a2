/** How long a key is trusted to give the first answer again: JustiFi documents no lifetime, so it is kept short. */
export const keyLifetimeMs = 60 * 60 * 1000;
