import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { whyNotLinear } from './linear-patterns.js';
import { filesIn, nodesOf, placeOf } from './source-tree.js';

/** The simulator meets nobody but tests. */
const files = filesIn('src').filter((file) => file.endsWith('.ts') && !file.startsWith('src/simulator/'));

const patterns = files
  .flatMap((file) => nodesOf(file, ts.isRegularExpressionLiteral))
  .map((node) => {
    const end = node.text.lastIndexOf('/');
    return { place: placeOf(node), source: node.text.slice(1, end), flags: node.text.slice(end + 1) };
  });

describe('every regular expression of the library', () => {
  it('reads any text in one pass', () => {
    expect(patterns.length).toBeGreaterThan(50);
    expect(
      patterns.flatMap(({ place, source, flags }) => {
        const reason = whyNotLinear(source, flags);
        return reason === null ? [] : [`${place}: ${source} has ${reason}`];
      }),
    ).toEqual([]);
  });

  it('is written down: none is made from text', () => {
    const made = files.flatMap((file) =>
      nodesOf(
        file,
        (node): node is ts.NewExpression | ts.CallExpression =>
          (ts.isNewExpression(node) || ts.isCallExpression(node)) &&
          ts.isIdentifier(node.expression) &&
          node.expression.text === 'RegExp',
      ),
    );
    expect(made.map(placeOf)).toEqual([]);
  });
});

describe('a pattern', () => {
  it.each([
    String.raw`(?<=:\/\/)[^\s@]*:[^\s@]*(?=@)`,
    String.raw`^(a+)+$`,
    String.raw`^(?:a|a?b)*c$`,
    String.raw`^\s*\S*\s*$`,
    String.raw`^[a-z]*[a-z0-9]*!`,
    String.raw`\s+$`,
    String.raw`\d+x`,
    String.raw`[a-z]{3,}@`,
    String.raw`^(?:\d{1,3})+$`,
  ])('%s needs more than one pass', (source) => {
    expect(whyNotLinear(source)).not.toBeNull();
  });

  it.each([
    String.raw`^[a-z_]+\.[a-z_.]+$`,
    String.raw`^\d{1,17}(?:\.\d+)?$`,
    String.raw`^(?:[0-9a-f]{2})+$`,
    String.raw`\b(?:basic|bearer)\s{1,8}[\w.~+/=-]{8,}`,
    String.raw`\d(?:[ -]{0,3}\d){11,}`,
    String.raw`(?<=:\/\/)\S+`,
  ])('%s needs one', (source) => {
    expect(whyNotLinear(source)).toBeNull();
  });
});
