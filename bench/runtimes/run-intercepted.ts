import { delay, http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import nock from 'nock';
import { runCases, type Fault, type Job, type Scenario } from './cases.js';

const job = JSON.parse(process.env['UNICHARGE_JOB'] ?? '') as Job;
const overview = (await (await fetch(`${job.control}/`)).json()) as {
  providers: Record<string, { baseUrl: string }>;
};
const originOf = (provider: string): string => overview.providers[provider]?.baseUrl ?? '';

const codes: Readonly<Record<Scenario, string>> = {
  'lost answer': 'ECONNRESET',
  'late answer': '',
  reset: 'EPIPE',
  refused: 'ECONNREFUSED',
};

const underNock = (): Fault => {
  let seen = 0;
  return {
    arm: async (provider, _operation, scenario) => {
      seen = 0;
      if (scenario === 'refused') return;
      for (const method of ['POST', 'PUT']) {
        const each = nock(originOf(provider), { allowUnmocked: true }).intercept(/.*/, method, () => {
          seen += 1;
          return true;
        });
        if (scenario === 'late answer') each.delay(3 * job.timeoutMs).reply(200, {});
        else each.replyWithError(Object.assign(new Error(scenario), { code: codes[scenario] }));
      }
    },
    disarm: async () => {
      nock.cleanAll();
    },
    intercepted: () => seen,
  };
};

const underMsw = (): Fault => {
  let seen = 0;
  const server = setupServer();
  server.listen({ onUnhandledRequest: 'bypass' });
  return {
    arm: async (provider, _operation, scenario) => {
      seen = 0;
      if (scenario === 'refused') return;
      const answer = async (): Promise<Response> => {
        seen += 1;
        if (scenario !== 'late answer') return HttpResponse.error();
        await delay(3 * job.timeoutMs);
        return HttpResponse.json({});
      };
      const every = `${originOf(provider)}/*`;
      server.use(http.post(every, answer, { once: true }), http.put(every, answer, { once: true }));
    },
    disarm: async () => {
      server.resetHandlers();
    },
    intercepted: () => seen,
  };
};

const fault = process.env['UNICHARGE_INTERCEPTOR'] === 'nock' ? underNock() : underMsw();
console.log(JSON.stringify(await runCases(job, fault)));
process.exit(0);
