import { expect, it } from 'vitest';

import { createEngine, Engine } from '../../web/engine/index.js';
import type { Cell } from '../../web/engine/index.js';
import { instanceOf } from '../instance-of.js';

const text = 'she sells sea shells on the sea shore; the shells that she sells are sea shells, surely. '.repeat(8);

/** The build of the same sources without SIMD. Its glue is its own: names are shortened differently in each. */
async function scalarEngine(): Promise<Engine> {
  const at = (name: string): URL => new URL(`../../build/scalar/${name}`, import.meta.url);
  const { default: createModule } = (await import(
    /* @vite-ignore */ at('unroll.js').href
  )) as typeof import('../../web/engine/wasm/unroll.js');
  return new Engine(await createModule({ instantiateWasm: instanceOf(at('unroll.wasm')) }), async () => undefined);
}

/** What 30 steps make of one seed: the bits of every weight, and what the model then writes. */
function outcome(engine: Engine, cell: Cell): { fingerprint: string; written: string; int8: object } {
  // Sizes that are no multiple of four: the last lanes are only partly filled.
  const config = { cell, hiddenSize: 13, numLayers: 2, embeddingDim: 7, batchSize: 5, seqLen: 11, seed: 3 };
  using trainer = engine.createTrainer(config, text);
  trainer.trainSlice(30, Infinity);
  using model = trainer.model();
  const written = model.generate({ prompt: 'she ', length: 60, temperature: 0.9, seed: 5 });
  const int8 = model.evaluateText(text, { precision: 'int8' });
  return { fingerprint: model.fingerprint(), written, int8 };
}

it.each<Cell>(['lstm', 'gru', 'rnn_tanh', 'rnn_relu'])(
  'a module without SIMD trains a %s to the same bits as the one that ships',
  async (cell) => {
    const shipped = await createEngine();
    const scalar = await scalarEngine();
    expect([shipped.buildInfo().build, scalar.buildInfo().build]).toEqual(['strict', 'scalar']);
    expect(outcome(scalar, cell)).toEqual(outcome(shipped, cell));
  },
);
