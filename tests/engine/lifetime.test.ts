import { describe, expect, test } from 'vitest';
import { createEngine, tensor } from '../../web/engine/index.js';
import type { Engine } from '../../web/engine/index.js';
import { engine, refusal, SENTENCES, SMALL } from './engine.js';

/** Makes one of everything and uses it. Returns what was made. */
function makeEverything(on: Engine): Disposable[] {
  const rnn = on.createRnn({ inputSize: 3, hiddenSize: 5, numLayers: 2 });
  rnn.forward(tensor([4, 2, 3]));
  const trainer = on.createTrainer(SMALL, SENTENCES);
  trainer.train(1);
  const model = trainer.model();
  const loaded = on.loadModel(on.saveModel(model));
  const generator = loaded.createGenerator({ prompt: 'the' });
  generator.next(3);
  loaded.probe('the', { target: 'a' });
  loaded.beamSearch({ prompt: 'the', length: 5 });
  loaded.generateMany({ prompt: 'the', count: 3, length: 5 });
  rnn.gradientFlow(tensor([4, 3]), tensor([5]));
  trainer.restoreState(trainer.saveState());
  const classifier = on.createClassifier({ vocabSize: 4, hiddenSize: 5, classes: 2, bidirectional: true });
  classifier.configureOptimizer({ kind: 'adam' });
  classifier.lossAndGradients([[1, 2], [3]], [0, 1]);
  classifier.applyGradients();
  const regressor = on.createRegressor({ inputSize: 3, hiddenSize: 5 });
  regressor.lossAndGradients(tensor([4, 2, 3]), tensor([2, 1]), { lengths: [2, 4] });
  const schedule = on.createSchedule({ kind: 'cosine', tMax: 5, learningRate: 1 });
  schedule.step();
  trainer.evaluate('validation');
  return [rnn, trainer, model, loaded, generator, classifier, regressor, schedule];
}

function disposeAll(made: readonly Disposable[]): void {
  for (const thing of made) thing[Symbol.dispose]();
}

describe('what was deleted', () => {
  const rnn = engine.createRnn({ inputSize: 3, hiddenSize: 5 });
  const trainer = engine.createTrainer(SMALL, SENTENCES);
  const model = trainer.model();
  const generator = model.createGenerator({ prompt: 'the' });
  for (const owner of [rnn, trainer, model, generator]) {
    expect(owner.deleted).toBe(false);
    owner.delete();
    expect(owner.deleted).toBe(true);
  }

  test.each<[string, string, () => unknown]>([
    ['Rnn', 'forward', () => rnn.forward(tensor([4, 2, 3]))],
    ['Rnn', 'gradientFlow', () => rnn.gradientFlow(tensor([4, 3]), tensor([5]))],
    ['Rnn', 'stateDict', () => rnn.stateDict()],
    ['Rnn', 'loadStateDict', () => rnn.loadStateDict(new Map())],
    ['Trainer', 'train', () => trainer.train(1)],
    ['Trainer', 'trainSlice', () => trainer.trainSlice(1, 1)],
    ['Trainer', 'evaluate', () => trainer.evaluate('validation')],
    ['Trainer', 'continueEvaluation', () => trainer.continueEvaluation(1)],
    ['Trainer', 'baselines', () => trainer.baselines()],
    ['Trainer', 'saveState', () => trainer.saveState()],
    ['Trainer', 'restoreState', () => trainer.restoreState(new Uint8Array(9))],
    ['Trainer', 'parameterStatistics', () => trainer.parameterStatistics()],
    ['Trainer', 'configureOptimizer', () => trainer.configureOptimizer({ kind: 'sgd' })],
    ['Trainer', 'setSchedule', () => trainer.setSchedule(null)],
    ['Trainer', 'setClipping', () => trainer.setClipping({})],
    ['Trainer', 'rewind', () => trainer.rewind()],
    ['Trainer', 'setLearningRate', () => trainer.setLearningRate(1)],
    ['Trainer', 'model', () => trainer.model()],
    ['LanguageModel', 'generate', () => model.generate({ prompt: 'a', length: 1 })],
    ['LanguageModel', 'createGenerator', () => model.createGenerator({ prompt: 'a' })],
    ['LanguageModel', 'evaluateText', () => model.evaluateText('the')],
    ['LanguageModel', 'fingerprint', () => model.fingerprint()],
    ['LanguageModel', 'stateDict', () => model.stateDict()],
    ['LanguageModel', 'applyGradients', () => model.applyGradients()],
    ['LanguageModel', 'optimizerState', () => model.optimizerState()],
    ['TextGenerator', 'next', () => generator.next(1)],
  ])('says so: %s.%s()', (name, _, use) => {
    const error = refusal(use);
    expect(error.code).toBe('DELETED');
    expect(error.message).toBe(`${name}: this object was deleted and cannot be used any more`);
  });

  test('keeps what it has said before', () => {
    expect(trainer.info.vocabSize).toBe(28);
    expect(model.vocabulary).toContain('q');
    expect(rnn.config.hiddenSize).toBe(5);
  });

  test('can be deleted again', () => {
    const before = engine.liveObjects();
    disposeAll([rnn, trainer, model, generator]);
    expect(engine.liveObjects()).toBe(before);
  });
});

describe('the owner of a model', () => {
  test('can go before it', () => {
    const owner = engine.createTrainer(SMALL, SENTENCES);
    owner.train(5);
    using survivor = owner.model();
    using writer = survivor.createGenerator({ prompt: 'the ', greedy: true });
    const fingerprint = survivor.fingerprint();
    const expected = survivor.generate({ prompt: 'the ', greedy: true, length: 20 });
    owner.delete();
    expect(survivor.fingerprint()).toBe(fingerprint);
    expect(writer.next(20).text).toBe(expected);
  });

  test('shares its weights with it', () => {
    using owner = engine.createTrainer(SMALL, SENTENCES);
    using one = owner.model();
    using other = owner.model();
    owner.train(1);
    expect(one.fingerprint()).toBe(other.fingerprint());
  });
});

describe('memory', () => {
  test('of all objects is given back', async () => {
    const own = await createEngine();
    const made = makeEverything(own);
    expect(own.liveObjects()).toBe(made.length);
    disposeAll(made);
    expect(own.liveObjects()).toBe(0);
  });

  test('stays flat over a thousand lives of everything', async () => {
    const own = await createEngine();
    disposeAll(makeEverything(own));
    const before = { live: own.liveObjects(), used: own.usedBytes(), heap: own.heapBytes() };
    for (let life = 0; life < 1000; life++) disposeAll(makeEverything(own));
    expect({ live: own.liveObjects(), used: own.usedBytes(), heap: own.heapBytes() }).toEqual(before);
  });

  test('that is not given back is noticed', async () => {
    const own = await createEngine();
    disposeAll(makeEverything(own));
    const used = own.usedBytes();
    const [forgotten, ...rest] = makeEverything(own);
    disposeAll(rest);
    expect(own.liveObjects()).toBe(1);
    expect(own.usedBytes()).toBeGreaterThan(used);
    disposeAll([forgotten!]);
    expect(own.usedBytes()).toBe(used);
  });

  test('of refused calls is given back', async () => {
    const own = await createEngine();
    using trainer = own.createTrainer(SMALL, SENTENCES);
    using model = trainer.model();
    const file = own.saveModel(model);
    file[file.length - 1] = 0x7f;
    file[file.length - 2] = 0xff;
    const attempt = (): void => {
      refusal(() => own.createTrainer(SMALL, 'short'));
      refusal(() => own.createTrainer({ ...SMALL, hiddenSize: 0 }, SENTENCES));
      refusal(() => model.generate({ prompt: 'É', length: 3 }));
      refusal(() => model.generate({ prompt: 'the', length: 2_000_000 }));
      refusal(() => own.loadModel(file));
      refusal(() => own.createRnn({ inputSize: 1, hiddenSize: 5000 }));
    };
    attempt();
    const before = { live: own.liveObjects(), used: own.usedBytes() };
    for (let i = 0; i < 100; i++) attempt();
    expect({ live: own.liveObjects(), used: own.usedBytes() }).toEqual(before);
  });
});
