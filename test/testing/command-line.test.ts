import { describe, expect, it } from 'vitest';
import { readCommand } from '../../src/testing/command-line.js';

describe('the command line', () => {
  it.each([
    [['simulator'], { kind: 'simulator', port: 0 }],
    [['simulator', '--port', '4700'], { kind: 'simulator', port: 4700 }],
    [['--port=4700', 'simulator'], { kind: 'simulator', port: 4700 }],
    [['--help'], { kind: 'help' }],
    [['simulator', '-h'], { kind: 'help' }],
  ])('%j is understood', (words, command) => {
    expect(readCommand(words)).toEqual(command);
  });

  it.each([
    [[], 'Which command'],
    [['emulator'], 'emulator'],
    [['simulator', 'now'], 'now'],
    [['simulator', '--colour'], '--colour'],
    [['simulator', '--port'], '--port'],
    [['simulator', '--port', 'ten'], '--port'],
    [['simulator', '--port', '65001'], '--port'],
    [['simulator', '--port', ''], '--port'],
  ])('%j is refused', (words, reason) => {
    expect(readCommand(words)).toEqual({ kind: 'refused', message: expect.stringContaining(reason) });
  });
});
