/** What a form brought. */
export type Form = Readonly<Record<string, unknown>>;

/** A field of a form as text; a file is none. */
export const textIn = (form: Form, name: string): string => {
  const value = form[name];
  return typeof value === 'string' ? value : '';
};

/** A field that counts something, from 1; null where it does not. */
export const countIn = (form: Form, name: string): number | null => {
  const text = textIn(form, name);
  return /^[1-9]\d{0,5}$/.test(text) ? Number(text) : null;
};
