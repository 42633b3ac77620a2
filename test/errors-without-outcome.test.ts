import { expect, it } from 'vitest';
import * as errors from '../src/errors.js';

it.each(Object.entries(errors))('%s without an outcome claims nothing', (_name, ErrorClass) => {
  expect(new ErrorClass({ message: 'made in JavaScript' } as never).outcome).toBe('unknown');
  expect(new ErrorClass({ message: 'made in TypeScript', outcome: 'not_sent' }).outcome).toBe('not_sent');
});

it.each(Object.entries(errors))('%s without its details says what belongs there', (_name, ErrorClass) => {
  for (const given of [undefined, null, 'declined'])
    expect(() => new ErrorClass(given as never)).toThrow(
      new TypeError('an error must be given { message, outcome }'),
    );
});
