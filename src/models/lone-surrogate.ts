/** Half of a character that takes two units: no UTF-8 can hold it, and JSON and forms would each send something else for it. */
export const hasLoneSurrogate = (text: string): boolean => /\p{Surrogate}/u.test(text);

/** What an issue says of such a text. */
export const loneSurrogate = 'holds half a character (a lone surrogate)';
