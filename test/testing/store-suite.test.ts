import { describe, it } from 'vitest';
import { memoryStore } from '../../src/operations/memory-store.js';
import { testOperationStore } from '../../src/testing/store-suite.js';
import { createVirtualTime } from '../virtual-time.js';

describe('memoryStore', () => {
  testOperationStore(it, { createStore: () => memoryStore() });
});

describe('memoryStore in virtual time', () => {
  const time = createVirtualTime();
  testOperationStore(it, {
    createStore: () => memoryStore({ runtime: time.runtime }),
    advance: (milliseconds) => time.advance(milliseconds),
  });
});
