/** What no API key, public or secret, and no secret of a webhook begins with. */
export const withoutKey = /^(?!(?:[prs]k|[ps]key|whsec)_)/;

/** What is said of a key in the place of a token or an id. */
export const keyInPlace =
  'is a key of an account: keys belong into the settings, and a token or an id belongs here';
