import { describe, expect, test } from 'vitest';
import { createEngine, ERROR_CODES, tensor, UnrollError } from '../../web/engine/index.js';
import type { Engine } from '../../web/engine/index.js';
import { SENTENCES, SMALL } from './engine.js';

/** What a program without types, or a person who means harm, can put in place of anything. */
const HOSTILE: readonly unknown[] = [
  undefined,
  null,
  true,
  0,
  -0,
  -1,
  0.5,
  NaN,
  Infinity,
  -Infinity,
  1e300,
  2 ** 31,
  2 ** 32 + 1,
  2 ** 53,
  '',
  '7',
  'lstm',
  'a\ud800b',
  'x'.repeat(10_000),
  10n,
  Symbol('s'),
  () => 7,
  [],
  [1, 2, 3],
  [[]],
  {},
  { length: 3 },
  { shape: [1, 1, 3], data: 'abc' },
  { shape: [2 ** 20, 2 ** 20, 3], data: new Float32Array(3) },
  { shape: [NaN], data: new Float32Array(0) },
  { shape: { length: 3 }, data: new Float32Array(3) },
  Object.create(null),
  Object.create(null, { toString: { get: (): never => fail() } }),
  { toString: (): never => fail(), valueOf: (): never => fail() },
  new Proxy({}, { get: (_, name) => (name === Symbol.toPrimitive ? fail : 3) }),
  new Float32Array(3),
  new Float64Array(3),
  new Int32Array(0),
  new Uint8Array(9),
  new ArrayBuffer(8),
  new Map([['a', 1]]),
  new Date(NaN),
  detached(),
];

function fail(): never {
  throw new Error('nobody asked for this');
}

/** An array whose memory has gone. */
function detached(): Float32Array {
  const array = new Float32Array(3);
  structuredClone(array, { transfer: [array.buffer] });
  return array;
}

interface Subjects {
  readonly engine: Engine;
  readonly rnn: ReturnType<Engine['createRnn']>;
  readonly trainer: ReturnType<Engine['createTrainer']>;
  readonly model: ReturnType<Engine['createLanguageModel']>;
  readonly generator: ReturnType<ReturnType<Engine['createLanguageModel']>['createGenerator']>;
}

function makeSubjects(engine: Engine): Subjects {
  const trainer = engine.createTrainer(SMALL, SENTENCES);
  const model = trainer.model();
  return {
    engine,
    rnn: engine.createRnn({ inputSize: 3, hiddenSize: 4, numLayers: 2, dropout: 0.5 }),
    trainer,
    model,
    generator: model.createGenerator({ prompt: 'the' }),
  };
}

const x = tensor([1, 1, 3]);

/** Calls with one place for something hostile. Those that make something return it. */
const CALLS: Readonly<Record<string, (subjects: Subjects, hostile: never) => unknown>> = {
  'createRnn(it)': ({ engine }, it) => engine.createRnn(it),
  'createLanguageModel(it)': ({ engine }, it) => engine.createLanguageModel(it),
  'createLanguageModel({ vocabulary: it })': ({ engine }, it) =>
    engine.createLanguageModel({ hiddenSize: 2, vocabulary: it }),
  'createTrainer(it)': ({ engine }, it) => engine.createTrainer(it, SENTENCES),
  'createTrainer(…, it)': ({ engine }, it) => engine.createTrainer(SMALL, it),
  'plan(it)': ({ engine }, it) => engine.plan(it),
  'readSafetensors(it)': ({ engine }, it) => engine.readSafetensors(it),
  'writeSafetensors(it)': ({ engine }, it) => engine.writeSafetensors(it, {}),
  'writeSafetensors(…, it)': ({ engine }, it) => engine.writeSafetensors([], it),
  'writeSafetensors(…, { a: it })': ({ engine }, it) => engine.writeSafetensors([], { a: it }),
  'loadModel(it)': ({ engine }, it) => engine.loadModel(it),
  'loadModel(…, it)': ({ engine }, it) => engine.loadModel(new Uint8Array(9), it),
  'saveModel(it)': ({ engine }, it) => engine.saveModel(it),
  'saveModel(…, it)': ({ engine, model }, it) => engine.saveModel(model, it),
  'saveModel(…, { step: it })': ({ engine, model }, it) => engine.saveModel(model, { step: it }),
  'runYardstick(it)': ({ engine }, it) => engine.runYardstick(it, 1),
  'rnn.forward(it)': ({ rnn }, it) => rnn.forward(it),
  'rnn.forward(…, it)': ({ rnn }, it) => rnn.forward(x, it),
  'rnn.forward(…, { state: it })': ({ rnn }, it) => rnn.forward(x, { state: it }),
  'rnn.forward(…, { state: { h: it } })': ({ rnn }, it) => rnn.forward(x, { state: { h: it } }),
  'rnn.forward(…, { lengths: it })': ({ rnn }, it) => rnn.forward(x, { lengths: it }),
  'rnn.forward(…, { lengths: [it] })': ({ rnn }, it) => rnn.forward(x, { lengths: [it] }),
  'rnn.forward(…, { training: it })': ({ rnn }, it) => rnn.forward(x, { training: it }),
  'rnn.step(it)': ({ rnn }, it) => rnn.step(it),
  'rnn.step(…, it)': ({ rnn }, it) => rnn.step(tensor([3]), it),
  'rnn.backward(it)': ({ rnn }, it) => (rnn.forward(x), rnn.backward(it)),
  'rnn.backward({ output: it })': ({ rnn }, it) => (rnn.forward(x), rnn.backward({ output: it })),
  'rnn.setDropoutMasks(it)': ({ rnn }, it) => rnn.setDropoutMasks(it),
  'rnn.setDropoutMasks([it])': ({ rnn }, it) => rnn.setDropoutMasks([it]),
  'rnn.loadStateDict(it)': ({ rnn }, it) => rnn.loadStateDict(it),
  'rnn.loadStateDict([it])': ({ rnn }, it) => rnn.loadStateDict([it]),
  // Steps without end are what the caller asked for, so a few are enough here.
  'trainer.train(it)': ({ trainer }, it) => trainer.train(typeof it === 'number' ? (Math.min(it, 3) as never) : it),
  'trainer.trainSlice(it, 1)': ({ trainer }, it) => trainer.trainSlice(it, 1),
  'trainer.trainSlice(1, it)': ({ trainer }, it) => trainer.trainSlice(1, it),
  'trainer.evaluate(it)': ({ trainer }, it) => trainer.evaluate(it),
  'trainer.continueEvaluation(it)': ({ trainer }, it) => (
    trainer.beginEvaluation('test'),
    trainer.continueEvaluation(it)
  ),
  'trainer.setLearningRate(it)': ({ trainer }, it) => trainer.setLearningRate(it),
  'model.generate(it)': ({ model }, it) => model.generate(it),
  'model.generate({ prompt: it })': ({ model }, it) => model.generate({ prompt: it, length: 1 }),
  'model.generate({ temperature: it })': ({ model }, it) => model.generate({ prompt: 'a', length: 1, temperature: it }),
  'model.generate({ greedy: it })': ({ model }, it) => model.generate({ prompt: 'a', length: 1, greedy: it }),
  'model.createGenerator(it)': ({ model }, it) => model.createGenerator(it),
  'model.evaluateText(it)': ({ model }, it) => model.evaluateText(it),
  'model.lossAndGradients(it)': ({ model }, it) => model.lossAndGradients(it),
  'model.lossAndGradients({ ids: it })': ({ model }, it) =>
    model.lossAndGradients({ ids: it, targets: [1], seqLen: 1, batchSize: 1 }),
  'model.lossAndGradients({ seqLen: it })': ({ model }, it) =>
    model.lossAndGradients({ ids: [1], targets: [1], seqLen: it, batchSize: 1 }),
  'model.lossAndGradients({ state: it })': ({ model }, it) =>
    model.lossAndGradients({ ids: [1], targets: [1], seqLen: 1, batchSize: 1, state: it }),
  'model.configureOptimizer(it)': ({ model }, it) => model.configureOptimizer(it),
  'model.configureOptimizer({ eps: it })': ({ model }, it) => model.configureOptimizer({ kind: 'adam', eps: it }),
  'model.applyGradients(it)': ({ model }, it) => model.applyGradients(it),
  'model.loadStateDict(it)': ({ model }, it) => model.loadStateDict(it),
  'model.generateMany(it)': ({ model }, it) => model.generateMany(it),
  'model.generateMany({ prompts: it })': ({ model }, it) => model.generateMany({ prompts: it, length: 1 }),
  'model.generateMany({ stop: it })': ({ model }, it) => model.generateMany({ prompt: 'a', length: 1, stop: it }),
  'model.generateMany({ seed: it })': ({ model }, it) => model.generateMany({ prompt: 'a', length: 1, seed: it }),
  'model.beamSearch(it)': ({ model }, it) => model.beamSearch(it),
  'model.beamSearch({ width: it })': ({ model }, it) => model.beamSearch({ prompt: 'a', length: 1, width: it }),
  'model.beamSearch({ stop: [it] })': ({ model }, it) => model.beamSearch({ prompt: 'a', length: 1, stop: [it] }),
  'model.evaluateTexts(it)': ({ model }, it) => model.evaluateTexts(it),
  'model.probe(it)': ({ model }, it) => model.probe(it),
  'model.probe(…, { target: it })': ({ model }, it) => model.probe('the', { target: it ?? 7 }),
  'generator.next(it)': ({ generator }, it) => generator.next(it),
  'rnn.gradientFlow(it)': ({ rnn }, it) => rnn.gradientFlow(it, tensor([4])),
  'rnn.gradientFlow(…, it)': ({ rnn }, it) => rnn.gradientFlow(tensor([1, 3]), it),
  'rnn.configureOptimizer(it)': ({ rnn }, it) => rnn.configureOptimizer(it),
  'rnn.applyGradients({ clipNorm: it })': ({ rnn }, it) => (
    rnn.configureOptimizer({ kind: 'sgd' }),
    rnn.applyGradients({ clipNorm: it ?? NaN })
  ),
  'trainer.restoreState(it)': ({ trainer }, it) => trainer.restoreState(it),
  'trainer.saveState(it)': ({ trainer }, it) => trainer.saveState(it ?? 7),
  'trainer.configureOptimizer(it)': ({ trainer }, it) => trainer.configureOptimizer(it),
  'trainer.setSchedule(it)': ({ trainer }, it) => trainer.setSchedule(it ?? 7),
  'trainer.setClipping(it)': ({ trainer }, it) => trainer.setClipping(it ?? 7),
  'createClassifier(it)': ({ engine }, it) => engine.createClassifier(it),
  'createClassifier({ classes: it })': ({ engine }, it) =>
    engine.createClassifier({ vocabSize: 3, hiddenSize: 2, classes: it }),
  'createRegressor(it)': ({ engine }, it) => engine.createRegressor(it),
  'createSchedule(it)': ({ engine }, it) => engine.createSchedule(it),
  'createSchedule({ stepSize: it })': ({ engine }, it) =>
    engine.createSchedule({ kind: 'step', learningRate: 1, stepSize: it }),
  'crossEntropy(it)': ({ engine }, it) => engine.crossEntropy(it, [1]),
  'crossEntropy(…, it)': ({ engine }, it) => engine.crossEntropy(tensor([1, 2]), it),
  'crossEntropy(…, …, it)': ({ engine }, it) => engine.crossEntropy(tensor([1, 2]), [1], it ?? 7),
  'meanSquaredError(…, it)': ({ engine }, it) => engine.meanSquaredError(tensor([1, 2]), it),
  'samplingDistribution(it)': ({ engine }, it) => engine.samplingDistribution(it),
  'argmax(it)': ({ engine }, it) => engine.argmax(it),
  'bucketByLength(it)': ({ engine }, it) => engine.bucketByLength(it, { batchSize: 2 }),
  'bucketByLength(…, { batchSize: it })': ({ engine }, it) => engine.bucketByLength([1, 2], { batchSize: it }),
  'classifier.forward([it])': ({ engine }, it) => {
    using classifier = engine.createClassifier({ vocabSize: 3, hiddenSize: 2, classes: 2 });
    classifier.forward([it]);
  },
  'classifier.lossAndGradients(…, it)': ({ engine }, it) => {
    using classifier = engine.createClassifier({ vocabSize: 3, hiddenSize: 2, classes: 2 });
    classifier.lossAndGradients([[1]], it);
  },
  'regressor.forward(it)': ({ engine }, it) => {
    using regressor = engine.createRegressor({ inputSize: 3, hiddenSize: 2 });
    regressor.forward(it);
  },
  'regressor.forward(…, { lengths: it })': ({ engine }, it) => {
    using regressor = engine.createRegressor({ inputSize: 3, hiddenSize: 2 });
    regressor.forward(x, { lengths: it ?? 7 });
  },
};

describe('hostile arguments are refused with a sentence, or harmless', () => {
  test.each(Object.entries(CALLS))('%s', async (_, call) => {
    const engine = await createEngine();
    const subjects = makeSubjects(engine);
    const before = engine.liveObjects();
    let refusals = 0;
    for (const hostile of HOSTILE) {
      try {
        const made = call(subjects, hostile as never);
        if (typeof made === 'object' && made !== null && Symbol.dispose in made) (made as Disposable)[Symbol.dispose]();
      } catch (error) {
        // A getter of the caller's own may throw what it likes.
        if (error instanceof Error && error.message === 'nobody asked for this') continue;
        expect(error).toBeInstanceOf(UnrollError);
        const { code, message } = error as UnrollError;
        expect(ERROR_CODES).toContain(code);
        expect(['INTERNAL', 'ENGINE_STOPPED', 'OUT_OF_MEMORY']).not.toContain(code);
        expect(message).toMatch(/^[A-Za-z][\w. :]*/);
        expect(message.length).toBeLessThan(400);
        refusals++;
      }
    }
    expect(refusals).toBeGreaterThan(HOSTILE.length / 2);
    expect(engine.liveObjects()).toBe(before);

    // The engine is none the worse for it.
    using trainer = engine.createTrainer(SMALL, SENTENCES);
    trainer.train(2);
    using model = trainer.model();
    expect(model.fingerprint()).toBe(await expected);
  });
});

const expected = createEngine().then((engine) => {
  using trainer = engine.createTrainer(SMALL, SENTENCES);
  trainer.train(2);
  using model = trainer.model();
  return model.fingerprint();
});
