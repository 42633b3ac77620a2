import { expect, it } from 'vitest';
import { fuzzAnswers } from '../../bench/fuzz-answers/fuzz.js';
import { fuzzedProviders } from '../../bench/fuzz-answers/scene.js';

it.each(fuzzedProviders)(
  '%s: no broken place makes a list unreadable, a sum lower or a status another',
  async (provider) => {
    expect(await fuzzAnswers(provider, { trials: 600, seed: 7 })).toEqual([]);
  },
);
