/** What the provider accepts in most of its texts: no accented letters, no ampersand. */
export const safeText = /^[A-Za-z0-9\s'#_.\-,]+$/;
/** The rule in words. */
export const safeTextRule = "must have only letters without accents, digits, spaces and ' # _ . - ,";

/** Whether `verify` takes it as a confirmation id: 5 to 255 characters of the safe ones. */
export const isConfirmationId = (value: string | null | undefined): value is string =>
  value != null && value.length >= 5 && value.length <= 255 && safeText.test(value);
