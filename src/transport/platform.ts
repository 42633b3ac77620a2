/**
 * What is known of the program that runs this library, as far as sending once goes. On Node everything here is known; other
 * programs bring a `node:http` of their own.
 */
export interface Platform {
  /** Its name and, where it matters, its version, for messages. */
  readonly name: string;
  /** Whether its own HTTP sends a request again by itself: never, on a connection that was used before, or on any. */
  readonly resends: 'never' | 'on_used_connections' | 'on_any_connection';
  /** The codes of its errors say truly that no connection came to stand. */
  readonly codesAreEvidence: boolean;
  /** The events of its sockets say truly when the first byte of a request can have left. */
  readonly socketsAreEvidence: boolean;
}

/** The globals that tell one platform from another. */
export interface PlatformGlobals {
  readonly process?: { readonly versions?: Readonly<Record<string, string | undefined>> };
  readonly Deno?: unknown;
}

const isBefore = (version: string, major: number, minor: number): boolean => {
  const [givenMajor = 0, givenMinor = 0] = version.split('.').map(Number);
  return givenMajor < major || (givenMajor === major && givenMinor < minor);
};

/** Measured by `npm run runtimes`; what was not measured is trusted with nothing. */
export const platformOf = (globals: PlatformGlobals): Platform => {
  const versions = globals.process?.versions ?? {};
  const { bun } = versions;
  if (bun !== undefined) {
    // Its node:http went over fetch before 1.4 and answers ECONNREFUSED to whatever fails.
    const isOld = isBefore(bun, 1, 4);
    return {
      name: `Bun ${bun}`,
      resends: isBefore(bun, 1, 3) ? 'on_any_connection' : isOld ? 'on_used_connections' : 'never',
      codesAreEvidence: !isOld,
      socketsAreEvidence: false,
    };
  }
  if (globals.Deno !== undefined) {
    return {
      name: 'Deno',
      resends: 'on_used_connections',
      codesAreEvidence: true,
      socketsAreEvidence: false,
    };
  }
  // Node alone is built on libuv and says so; workerd has the name with an empty version.
  if ((versions['uv'] ?? '') !== '') {
    return { name: 'Node', resends: 'never', codesAreEvidence: true, socketsAreEvidence: true };
  }
  return {
    name: 'this platform',
    resends: 'on_used_connections',
    codesAreEvidence: false,
    socketsAreEvidence: false,
  };
};

/** The platform that runs this process. */
export const thisPlatform: Platform = platformOf(globalThis);
