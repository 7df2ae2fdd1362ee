import { beforeAll, expect, test } from 'vitest';
import { createEngine } from '../../web/engine/index.js';
import type { Engine } from '../../web/engine/index.js';
import { DEFAULTS } from '../../web/links/index.js';
import type { LanguageConfig } from '../../web/links/index.js';
import type { RequestsOf } from '../../web/worker/requests/request.js';
import type * as requests from '../../web/worker/requests/gates.js';
import { makeSession } from './asked-session.js';

type Asked = RequestsOf<typeof requests>['gates'];

const CONFIG: LanguageConfig = {
  ...DEFAULTS,
  text: 'counting',
  hiddenSize: 12,
  numLayers: 2,
  batchSize: 8,
  seqLen: 16,
  steps: 60,
};

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});

async function prepared(config: LanguageConfig) {
  const { ask, send } = makeSession(async () => engine);
  await ask('prepare', { config });
  const look = (args: Asked['args']) => send('gates', args) as Promise<Asked['value']>;
  return { ask, look };
}

test.each([
  ['lstm', ['i', 'f', 'g', 'o', 'h', 'c']],
  ['gru', ['r', 'z', 'n', 'h']],
  ['rnn', ['h']],
] as const)('an %s shows each of its parts as the probe has it', async (cell, names) => {
  const { ask, look } = await prepared({ ...CONFIG, cell });
  await ask('trainStep', { until: 3 });
  const { bytes } = await ask('saveModel', {});
  using model = engine.loadModel(bytes);
  const text = 'aaabbb';
  const probe = model.probe(text);
  const layer = probe.layers[1]!;
  for (const gate of names) {
    const seen = await look({ text, layer: 1, gate });
    expect(seen).toMatchObject({ step: 3, names, gate, units: 12 });
    const at = names.indexOf(gate as never);
    const expected =
      gate === 'h' || gate === 'c'
        ? layer[gate]!.data
        : Float32Array.from({ length: 6 * 12 }, (_, i) => {
            const count = probe.gateNames.length;
            return layer.gates!.data[(Math.floor(i / 12) * count + at) * 12 + (i % 12)]!;
          });
    expect(seen.values).toEqual(expected);
  }
});

test('a gate that the cell does not have is its hidden state', async () => {
  const { look } = await prepared({ ...CONFIG, cell: 'rnn' });
  expect((await look({ text: 'ab', layer: 0, gate: 'f' })).gate).toBe('h');
});

test('looking changes nothing of what is trained', async () => {
  const { ask, look } = await prepared(CONFIG);
  const training = ask('train', {});
  for (let i = 0; i < 5; ++i) await look({ text: 'aaabbb', layer: 0, gate: 'f' });
  const looked = (await training).result!.fingerprint;
  const plain = makeSession(async () => engine);
  await plain.ask('prepare', { config: CONFIG });
  expect((await plain.ask('train', {})).result!.fingerprint).toBe(looked);
});
