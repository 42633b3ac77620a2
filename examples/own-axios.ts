import { Agent } from 'node:http';
import axios from 'axios';
import { createStripe } from 'unicharge/stripe';
import { startSimulator } from 'unicharge/testing';

const simulator = await startSimulator();

// Your proxy, certificates (httpsAgent), tracing: whatever an axios instance can do. Any axios 1.x fits.
const instance = axios.create({ httpAgent: new Agent({ keepAlive: true }), proxy: false });
instance.interceptors.request.use((config) => {
  config.headers.set('x-trace-id', 'trace-81');
  return config;
});
instance.interceptors.response.use((response) => {
  console.log(response.config.method, response.status, response.config.headers.get('x-trace-id'));
  return response;
});

const charges = createStripe({ ...simulator.settings('stripe'), axios: instance });
const charge = await charges.create({
  amount: 4590,
  currency: 'EUR',
  source: simulator.source('stripe', 'approved'),
});
console.log(charge.status);

await simulator.close();
