/** A value of a field in the provider's own form. */
export type WireFieldValue =
  string | number | boolean | null | readonly WireFieldValue[] | { readonly [field: string]: WireFieldValue };

/** Fields of a request in the provider's own names and form. */
export interface WireFields {
  readonly [field: string]: WireFieldValue;
}

/** What every operation with `providerOptions` takes at every provider. */
export interface WireOption {
  /**
   * Further fields of the request that does the operation's work, in the provider's own names and form, sent as they are.
   * A field that the library sends itself is refused, and so is `metadata`.
   */
  readonly wire?: WireFields;
}
