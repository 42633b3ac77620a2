import { expect, it } from 'vitest';
import * as errors from '../src/errors.js';

it.each(Object.entries(errors))('%s without an outcome claims nothing', (_name, ErrorClass) => {
  expect(new ErrorClass({ message: 'made in JavaScript' } as never).outcome).toBe('unknown');
  expect(new ErrorClass({ message: 'made in TypeScript', outcome: 'not_sent' }).outcome).toBe('not_sent');
});
