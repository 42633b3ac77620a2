const variables = { redis: 'REDIS_URL', postgres: 'DATABASE_URL' } as const;

/** Where the server of a durable store is. */
export const addressOf = (store: keyof typeof variables): string => {
  const address = process.env[variables[store]];
  if (address === undefined || address === '') {
    throw new Error(`${variables[store]} is not set: a run with the ${store} store needs a server`);
  }
  return address;
};
