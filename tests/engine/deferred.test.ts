import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createEngine, tensor, UnrollError } from '../../web/engine/index.js';
import type { Engine, OptimizerConfig, TrainerConfig } from '../../web/engine/index.js';
import { engine, refusal, SENTENCES, SMALL } from './engine.js';

const files = {
  main: new URL('../../web/engine/wasm/unroll.wasm', import.meta.url),
  deferred: new URL('../../web/engine/wasm/unroll.deferred.wasm', import.meta.url),
};

/** An engine that breaks down as soon as it needs the deferred part. */
const mainAlone = (): Promise<Engine> =>
  createEngine({ wasmUrl: { ...files, deferred: new URL('./nothing.wasm', files.main) }, deferred: 'later' });

const later = (): Promise<Engine> => createEngine({ deferred: 'later' });

/** Enough for batches of the size that a page has. */
const LONG = SENTENCES.repeat(4);

/** What a page does before its reader has seen the first steps, and what comes of it. */
function firstSession(on: Engine, config: TrainerConfig): unknown {
  const plan = on.plan({ ...config, vocabSize: 28 });
  using trainer = on.createTrainer(config, LONG);
  const evaluation = trainer.evaluate('validation');
  using model = trainer.model();
  const before = model.generate({ prompt: 'the ', length: 20, seed: 3 });
  const { losses } = trainer.trainSlice(4, Infinity);
  const after = model.generate({ prompt: 'the ', length: 20, greedy: true });
  const fingerprint = model.fingerprint();
  trainer.rewind();
  return { plan, evaluation, before, losses, after, fingerprint, rewound: model.fingerprint() };
}

/** Things that only the deferred part can do. */
const rarer: Record<string, (on: Engine) => unknown> = {
  'a network over vectors': (on) => {
    using rnn = on.createRnn({ inputSize: 3, hiddenSize: 5, seed: 2 });
    return rnn.forward(tensor([4, 2, 3], new Float32Array(24).fill(0.5)));
  },
  'a model file': (on) => {
    using trainer = on.createTrainer(SMALL, SENTENCES);
    trainer.train(2);
    using model = trainer.model();
    const file = on.saveModel(model);
    using loaded = on.loadModel(file);
    return { file, fingerprint: loaded.fingerprint() };
  },
  'the baselines': (on) => {
    using trainer = on.createTrainer(SMALL, SENTENCES);
    return trainer.baselines();
  },
  'the views of a text': (on) => {
    using trainer = on.createTrainer(SMALL, SENTENCES);
    using model = trainer.model();
    return [model.probe('the quick', { target: 's' }), model.beamSearch({ prompt: 'the ', length: 5, width: 3 })];
  },
};

describe('the main part alone', async () => {
  const alone = await mainAlone();

  test.each(['lstm', 'gru', 'rnn_tanh', 'rnn_relu'] as const)('trains and writes with a %s', (cell) => {
    const config: TrainerConfig = { ...SMALL, cell };
    expect(firstSession(alone, config)).toEqual(firstSession(engine, config));
  });

  test.each<OptimizerConfig['kind']>(['adam', 'adamw', 'sgd', 'rmsprop', 'adagrad'])('trains with %s', (kind) => {
    const config: TrainerConfig = { ...SMALL, optimizer: { kind, learningRate: 0.01 } };
    expect(firstSession(alone, config)).toEqual(firstSession(engine, config));
  });

  test('trains layers with dropout over an embedding, at the size of a page', () => {
    const config: TrainerConfig = {
      ...{ hiddenSize: 128, numLayers: 2, embeddingDim: 16, dropout: 0.2, batchSize: 32, seqLen: 64 },
      split: [0.6, 0.2, 0.2],
    };
    expect(firstSession(alone, config)).toEqual(firstSession(engine, config));
  });

  test.each(Object.entries(rarer))('says what is missing when it is asked for %s', async (_, ask) => {
    const own = await mainAlone();
    const error = refusal(() => ask(own));
    expect(error.code).toBe('ENGINE_STOPPED');
    expect(error.message).toMatch(/nothing\.wasm could not be read/);
  });
});

describe('the deferred part', () => {
  test('knows why a call is refused', async () => {
    const askWhy = (on: Engine): string => refusal(() => on.createTrainer(SMALL, 'short')).message;
    expect(askWhy(await later())).toBe(askWhy(engine));
  });

  test.each(Object.entries(rarer))('comes by itself when it is needed for %s', async (_, ask) => {
    expect(ask(await later())).toEqual(ask(engine));
  });

  test.each(Object.entries(rarer))('can be called for before, for %s', async (_, ask) => {
    const own = await later();
    await own.complete();
    expect(ask(own)).toEqual(ask(engine));
  });

  test('does not change what is there when it comes in the middle', async () => {
    const own = await later();
    using trainer = own.createTrainer(SMALL, SENTENCES);
    trainer.train(3);
    await own.complete();
    await own.complete();
    trainer.train(3);
    using model = trainer.model();
    using expected = engine.createTrainer(SMALL, SENTENCES);
    expected.train(6);
    using expectedModel = expected.model();
    expect(model.fingerprint()).toBe(expectedModel.fingerprint());
    expect(own.saveModel(model)).toEqual(engine.saveModel(expectedModel));
  });

  test('is fetched once it is called for, and again when that failed', async () => {
    const bytes = await readFile(files.deferred);
    let status = 503;
    let requests = 0;
    const server = createServer((_, response) => {
      requests += 1;
      response.writeHead(status, { 'content-type': 'application/wasm' }).end(bytes);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const deferred = `http://127.0.0.1:${(server.address() as AddressInfo).port}/deferred.wasm`;

    const own = await createEngine({ wasmUrl: { ...files, deferred }, deferred: 'later' });
    firstSession(own, SMALL);
    expect(requests).toBe(0);
    await expect(own.complete()).rejects.toThrow(UnrollError);
    status = 200;
    await own.complete();
    expect(requests).toBe(2);
    expect(rarer['a model file']!(own)).toEqual(rarer['a model file']!(engine));
    expect(requests).toBe(2);
  });
});
