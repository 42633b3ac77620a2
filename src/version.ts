/** The version of this package, for the user agent. A test keeps it equal to the manifest's. */
export const version = '0.1.0';
