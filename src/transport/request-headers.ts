type Headers = Readonly<Record<string, string>>;

/** The headers of a request, put together in one pass: of one name in two letter cases the later one counts. */
export const requestHeaders = (
  userAgent: string,
  contentType: string | null,
  ...given: readonly (Headers | undefined)[]
): Record<string, string> => {
  const headers: Record<string, string> = {
    accept: 'application/json',
    'accept-encoding': 'gzip, br',
    'user-agent': userAgent,
  };
  if (contentType !== null) headers['content-type'] = contentType;
  for (const each of given) {
    if (each === undefined) continue;
    for (const [name, value] of Object.entries(each)) headers[name.toLowerCase()] = value;
  }
  return headers;
};
