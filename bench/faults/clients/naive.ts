import { randomUUID } from 'node:crypto';
import axios, { AxiosError } from 'axios';
import axiosRetry from 'axios-retry';
import type { JobClient, MerchantSetup, Place } from '../messages.js';
import { requestOf } from './naive-requests.js';
import { jobWithoutLookup } from './without-lookup.js';

const basic = (key: unknown): string => `Basic ${Buffer.from(`${String(key)}:`).toString('base64')}`;

const formOf = (body: Record<string, unknown>): URLSearchParams => {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(body)) form.append(name, String(value));
  return form;
};

/** axios with axios-retry in its usual form: three retries of what failed on the way. */
export const createNaiveJob = (setup: MerchantSetup): Promise<JobClient> => {
  const http = axios.create({ timeout: setup.timeoutMs });
  axiosRetry(http, { retries: 3, retryDelay: (count) => axiosRetry.exponentialDelay(count) });

  const tokens = new Map<string, Promise<string>>();
  const authorize = async ({
    provider,
    baseUrl,
    settings,
    namespace,
  }: Place): Promise<Record<string, string>> => {
    if (provider === 'stripe') return { authorization: `Bearer ${String(settings['secretKey'])}` };
    if (provider !== 'justifi') return { authorization: basic(settings['secretKey']) };
    let token = tokens.get(namespace);
    if (token === undefined) {
      const body = { client_id: settings['clientId'], client_secret: settings['clientSecret'] };
      token = http
        .post<{ access_token: string }>(`${baseUrl}/oauth/token`, body)
        .then(({ data }) => data.access_token);
      tokens.set(namespace, token);
      token.catch(() => tokens.delete(namespace));
    }
    // JustiFi wants a key: a fresh one for each call, which its retries share.
    return {
      authorization: `Bearer ${await token}`,
      'sub-account': String(settings['subAccount']),
      'idempotency-key': randomUUID(),
    };
  };

  return Promise.resolve(
    jobWithoutLookup(
      async (order) => {
        const { method, path, body } = requestOf(order);
        const headers = await authorize(order.place);
        const isForm = order.place.provider === 'stripe';
        const { data } = await http.request<{ id?: string; response?: { token: string } }>({
          method,
          url: `${order.place.baseUrl}${path}`,
          data: isForm ? formOf(body ?? {}) : body,
          headers,
        });
        return { id: data.id ?? data.response?.token ?? '' };
      },
      (error) => ({
        name: error instanceof Error ? error.name : 'unknown',
        message:
          error instanceof AxiosError
            ? `${error.message} ${JSON.stringify(error.response?.data ?? null)?.slice(0, 200)}`
            : String(error),
        status: error instanceof AxiosError ? (error.response?.status ?? null) : null,
      }),
    ),
  );
};
