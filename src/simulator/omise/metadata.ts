/** Metadata as the ledger keeps it: Omise takes any JSON, the ledger text. */
export const metadataForLedger = (metadata: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(metadata).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
