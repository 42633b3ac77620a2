const variables = { redis: 'REDIS_URL', postgres: 'DATABASE_URL', sqlite: 'SQLITE_FILE' } as const;

/** Where the server of a durable store is, or its file. */
export const addressOf = (store: keyof typeof variables): string => {
  const address = process.env[variables[store]];
  if (address === undefined || address === '') {
    throw new Error(`${variables[store]} is not set: a run with the ${store} store needs it`);
  }
  return address;
};
