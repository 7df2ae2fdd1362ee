import { beforeAll, expect, test } from 'vitest';
import { createEngine } from '../../engine/index.js';
import type { Engine } from '../../engine/index.js';
import { CELLS, DEFAULTS } from '../../links/run-config.js';
import { trainerConfig } from '../../run/index.js';
import { parameterTerms } from './parameters.js';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});

test('the sum that the page explains is what the engine counts, for every cell', () => {
  for (const cell of CELLS) {
    for (const layers of [1, 2, 5]) {
      for (const embedding of [0, 7]) {
        const config = { ...DEFAULTS, cell, numLayers: layers, embeddingDim: embedding, hiddenSize: 13 };
        const terms = parameterTerms(config, 29);
        const total = terms.reduce((sum, { count }) => sum + count, 0);
        expect(total).toBe(engine.plan({ ...trainerConfig(config), vocabSize: 29 }).parameterCount);
      }
    }
  }
});

test('each term is the product that stands beside it', () => {
  for (const { factors, count } of parameterTerms(
    { cell: 'lstm', hiddenSize: 13, numLayers: 3, embeddingDim: 7 },
    29,
  )) {
    const value = factors
      .split(/ × (?![^(]*\))/)
      .map((factor) =>
        factor
          .replace(/[()]/g, '')
          .split(' + ')
          .reduce((sum, part) => sum + Number(part), 0),
      )
      .reduce((product, factor) => product * factor, 1);
    expect(value).toBe(count);
  }
});
