export type Protocol = 'http:' | 'https:';

/** Where a request goes, as `node:http` takes it. */
export interface Address {
  readonly protocol: Protocol;
  readonly hostname: string;
  readonly port: string | undefined;
  readonly path: string;
  readonly auth: string | undefined;
}

/** Throws what the parser of Node throws for what is no address. */
export const readAddress = (text: string): Address => {
  const { protocol, hostname, port, pathname, search, username, password } = new URL(text);
  return {
    protocol: protocol === 'http:' ? 'http:' : 'https:',
    // An address of IPv6 stands in brackets, and is looked up without them.
    hostname: hostname.startsWith('[') ? hostname.slice(1, -1) : hostname,
    port: port === '' ? undefined : port,
    path: pathname + search,
    auth:
      username === '' && password === ''
        ? undefined
        : `${decodeURIComponent(username)}:${decodeURIComponent(password)}`,
  };
};

/** An address whose path is sent as it stands there: nothing in it is encoded, resolved or left out. */
const plainAddress =
  /^(https?:\/\/[a-z0-9.:-]+)(\/(?!\.)(?:[\w~!$&()*+,;=:@-]|\.(?!\.)|\/(?!\.))*(?:\?[\w.~!$&()*+,;=:@%/?[\]-]+)?)$/;

/** Reads addresses, and every origin once. */
export const createAddressReader = (): ((text: string) => Address) => {
  const origins = new Map<string, Address>();
  return (text) => {
    const [, origin, path] = plainAddress.exec(text) ?? [];
    if (origin === undefined || path === undefined) return readAddress(text);
    let known = origins.get(origin);
    if (known === undefined) {
      known = readAddress(origin);
      origins.set(origin, known);
    }
    const { protocol, hostname, port, auth } = known;
    return { protocol, hostname, port, path, auth };
  };
};
