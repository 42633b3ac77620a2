/**
 * Says of a regular expression whether its work can grow faster than the text that it meets, from its form alone. A pattern that
 * passes needs a number of steps that is a multiple of the length of the text, whatever the text is. Patterns that are harmless
 * for a reason that the form does not show are refused, too: they can be written otherwise.
 */

/** More repetitions than this are as good as any number. */
const mostBounded = 256;

interface Piece {
  /** Which signs it takes. Null: an assertion, which takes none. */
  readonly takes: ((sign: string) => boolean) | null;
  readonly min: number;
  readonly max: number;
}

interface Group {
  readonly alternatives: readonly (readonly Part[])[];
  readonly min: number;
  readonly max: number;
}

type Part = Piece | Group;

const isGroup = (part: Part): part is Group => 'alternatives' in part;
const isUnbounded = ({ max }: Part): boolean => max > mostBounded;

/** Reads the form of a pattern: sequences, alternatives, groups and how often each part is repeated. */
const parse = (source: string, flags: string): readonly (readonly Part[])[] => {
  let at = 0;

  const counted = (): { min: number; max: number } => {
    const quantifier = /^(?:[*+?]|\{(\d+)(,(\d*))?\})\??/.exec(source.slice(at));
    if (quantifier === null) return { min: 1, max: 1 };
    at += quantifier[0].length;
    if (quantifier[1] === undefined) {
      const sign = quantifier[0][0];
      return { min: sign === '+' ? 1 : 0, max: sign === '?' ? 1 : Infinity };
    }
    const min = Number(quantifier[1]);
    return {
      min,
      max: quantifier[2] === undefined ? min : quantifier[3] === '' ? Infinity : Number(quantifier[3]),
    };
  };

  const one = (): Part => {
    const rest = source.slice(at);
    const look = /^\(\?<?[=!]/.exec(rest);
    if (look !== null) {
      at += look[0].length;
      alternatives();
      at += 1;
      return { takes: null, min: 1, max: 1 };
    }
    const open = /^\((?:\?:|\?<\w+>)?/.exec(rest);
    if (open !== null) {
      at += open[0].length;
      const inner = alternatives();
      at += 1;
      return { alternatives: inner, ...counted() };
    }
    const assertion = /^(?:\^|\$|\\b|\\B)/.exec(rest);
    if (assertion !== null) {
      at += assertion[0].length;
      return { takes: null, min: 1, max: 1 };
    }
    const text =
      /^(?:\[(?:\\.|[^\]\\])*\]|\\(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|p\{[^}]+\}|.)|[^])/.exec(rest)?.[0] ??
      '';
    at += text.length;
    const single = new RegExp(`^${text}$`, flags.replaceAll(/[gy]/g, ''));
    return { takes: (sign) => single.test(sign), ...counted() };
  };

  const alternatives = (): Part[][] => {
    const all: Part[][] = [[]];
    while (at < source.length && source[at] !== ')') {
      if (source[at] === '|') {
        at += 1;
        all.push([]);
      } else all.at(-1)?.push(one());
    }
    return all;
  };

  return alternatives();
};

const signs = Array.from({ length: 0x3000 }, (_, code) => String.fromCharCode(code));

const overlap = (left: Piece, right: Piece): boolean =>
  signs.some((sign) => left.takes?.(sign) === true && right.takes?.(sign) === true);

/** Every way through groups, as flat sequences. A group without a bound is one piece that takes what any part of it takes. */
const flatten = (parts: readonly Part[]): readonly (readonly Piece[])[] => {
  let ways: (readonly Piece[])[] = [[]];
  for (const part of parts) {
    const here: (readonly Piece[])[] = [];
    if (!isGroup(part)) here.push([part]);
    else {
      const inner = part.alternatives.flatMap(flatten);
      if (isUnbounded(part)) {
        const pieces = inner.flat();
        here.push([
          {
            takes: (sign) => pieces.some(({ takes }) => takes?.(sign) === true),
            min: part.min,
            max: Infinity,
          },
        ]);
      } else {
        here.push(...inner);
        if (part.min === 0) here.push([]);
      }
    }
    ways = ways.flatMap((way) => here.map((more) => [...way, ...more]));
  }
  return ways;
};

const groupsIn = (parts: readonly Part[]): readonly Group[] =>
  parts.flatMap((part) => (isGroup(part) ? [part, ...part.alternatives.flatMap(groupsIn)] : []));

/** Whether one repetition could end in several places: then a repetition of it can be cut into pieces in many ways. */
const endsInSeveralPlaces = (group: Group): boolean =>
  group.alternatives.flatMap(flatten).some((way) => {
    // What follows a repetition is the next one.
    const twice = [...way, ...way];
    return way.some((piece, index) => {
      if (piece.takes === null || piece.min === piece.max) return false;
      const next = twice.slice(index + 1).find(({ takes, min }) => takes !== null && min > 0);
      return next === undefined || overlap(piece, next);
    });
  });

/** Whether one repetition can be read in several ways from its first sign on. */
const beginsInSeveralWays = (group: Group): boolean => {
  const starts = group.alternatives.flatMap(flatten).map((way) => way.find(({ takes }) => takes !== null));
  return starts.some((start, index) =>
    starts
      .slice(index + 1)
      .some((other) => start === undefined || other === undefined || overlap(start, other)),
  );
};

/** Two repetitions without a bound that may share signs, with nothing between them that keeps them apart. */
const sharesSigns = (way: readonly Piece[]): boolean =>
  way.some((piece, index) => {
    if (piece.takes === null || !isUnbounded(piece)) return false;
    for (const next of way.slice(index + 1)) {
      if (next.takes === null) continue;
      if (isUnbounded(next) && overlap(piece, next)) return true;
      if (next.min > 0 && !overlap(piece, next)) return false;
    }
    return false;
  });

/** Why a pattern may need more than one pass over a text, or null. */
export const whyNotLinear = (source: string, flags = ''): string | null => {
  for (const alternative of parse(source, flags)) {
    for (const group of groupsIn(alternative)) {
      if (!isUnbounded(group)) continue;
      if (group.alternatives.flatMap(flatten).flat().some(isUnbounded))
        return 'a repetition inside a repetition';
      if (endsInSeveralPlaces(group) || beginsInSeveralWays(group))
        return 'a repetition that can be cut in many ways';
    }
    const isAnchored = source.startsWith('^') && !flags.includes('m');
    for (const way of flatten(alternative)) {
      if (sharesSigns(way)) return 'two repetitions that share signs';
      const first = way.findIndex(isUnbounded);
      // From every place of the text the same signs would be read again, to find that what follows them is missing.
      if (
        !isAnchored &&
        first !== -1 &&
        way.slice(first + 1).some(({ takes, min }) => takes === null || min > 0)
      )
        return 'a repetition that something must follow, from any place';
    }
  }
  return null;
};
