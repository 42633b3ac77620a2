// What a shop with routers would write for `npx unicharge reconcile`, with its settings from the laboratory.
import { readFileSync } from 'node:fs';
import { openClients } from '../faults/clients/open-clients.js';
import { createPlacedRouter } from '../faults/clients/router.js';
import type { ConfigGiven } from './real-reconcile.js';

const { setup, shops } = JSON.parse(readFileSync(process.env['ROUTE_FAULTS'] ?? '', 'utf8')) as ConfigGiven;
const opened = await openClients(setup);

export const clients = Object.fromEntries(
  shops.map((places) => [places[0]?.namespace ?? '', createPlacedRouter(opened, places, setup)]),
);

export const close = (): Promise<void> => opened.close();
