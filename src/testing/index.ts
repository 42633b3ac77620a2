export * from './simulator/index.js';
export { testOperationStore, type StoreSuiteOptions, type TestFunction } from './store-suite.js';
