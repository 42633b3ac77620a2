/** A moment as Omise writes it: whole seconds, rounded up. */
export const toWireTimestamp = (milliseconds: number): string =>
  new Date(Math.ceil(milliseconds / 1000) * 1000).toISOString().replace('.000Z', 'Z');
