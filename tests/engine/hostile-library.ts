import * as library from '../../web/engine/index.js';
import { PreparedText, tensor } from '../../web/engine/index.js';
import type { Engine } from '../../web/engine/index.js';
import { decodeUtf8, describeText, prepareText, runYardstick, splitText } from '../../web/engine/internal.js';
import { engine, SENTENCES, SMALL } from './engine.js';

export interface Subjects {
  readonly engine: Engine;
  readonly rnn: ReturnType<Engine['createRnn']>;
  readonly trainer: ReturnType<Engine['createTrainer']>;
  readonly model: ReturnType<Engine['createLanguageModel']>;
  readonly generator: ReturnType<ReturnType<Engine['createLanguageModel']>['createGenerator']>;
  readonly classifier: ReturnType<Engine['createClassifier']>;
  readonly labeller: ReturnType<Engine['createClassifier']>;
  readonly regressor: ReturnType<Engine['createRegressor']>;
  readonly schedule: ReturnType<Engine['createSchedule']>;
}

export function makeSubjects(engine: Engine): Subjects {
  const trainer = engine.createTrainer(SMALL, SENTENCES);
  const model = trainer.model();
  return {
    engine,
    rnn: engine.createRnn({ inputSize: 3, hiddenSize: 4, numLayers: 2, dropout: 0.5 }),
    trainer,
    model,
    generator: model.createGenerator({ prompt: 'the' }),
    classifier: engine.createClassifier({ vocabSize: 3, hiddenSize: 2, classes: 2 }),
    labeller: engine.createClassifier({ vocabSize: 3, hiddenSize: 2, classes: 2, readout: 'steps' }),
    regressor: engine.createRegressor({ inputSize: 3, hiddenSize: 2 }),
    schedule: engine.createSchedule({ kind: 'plateau', learningRate: 1 }),
  };
}

const x = tensor([1, 1, 3]);

/** Calls with one place for something hostile. Those that make something return it. */
export const CALLS: Readonly<Record<string, (subjects: Subjects, hostile: never) => unknown>> = {
  'createRnn(it)': ({ engine }, it) => engine.createRnn(it),
  'createLanguageModel(it)': ({ engine }, it) => engine.createLanguageModel(it),
  'createLanguageModel({ vocabulary: it })': ({ engine }, it) =>
    engine.createLanguageModel({ hiddenSize: 2, vocabulary: it }),
  'createTrainer(it)': ({ engine }, it) => engine.createTrainer(it, SENTENCES),
  'createTrainer(…, it)': ({ engine }, it) => engine.createTrainer(SMALL, it),
  'createTrainer({ model: it })': ({ engine }, it) => engine.createTrainer({ ...SMALL, model: it ?? 7 }, SENTENCES),
  'createTrainer({ growVocabulary: it })': ({ engine, model }, it) =>
    engine.createTrainer({ ...SMALL, model, growVocabulary: it ?? 7 }, SENTENCES),
  'plan(it)': ({ engine }, it) => engine.plan(it),
  'describeText(it)': ({ engine }, it) => describeText(engine, it),
  'splitText(it)': ({ engine }, it) => splitText(engine, it, [0.8, 0.1, 0.1]),
  'splitText(…, it)': ({ engine }, it) => splitText(engine, SENTENCES, it),
  'readSafetensors(it)': ({ engine }, it) => engine.readSafetensors(it),
  'writeSafetensors(it)': ({ engine }, it) => engine.writeSafetensors(it, {}),
  'writeSafetensors(…, it)': ({ engine }, it) => engine.writeSafetensors([], it),
  'writeSafetensors(…, { a: it })': ({ engine }, it) => engine.writeSafetensors([], { a: it }),
  'loadModel(it)': ({ engine }, it) => engine.loadModel(it),
  'loadModel(…, it)': ({ engine }, it) => engine.loadModel(new Uint8Array(9), it),
  'saveModel(it)': ({ engine }, it) => engine.saveModel(it),
  'saveModel(…, it)': ({ engine, model }, it) => engine.saveModel(model, it),
  'saveModel(…, { step: it })': ({ engine, model }, it) => engine.saveModel(model, { step: it }),
  // What is done in a scope is its owner's business.
  'scope(it)': ({ engine }, it) => engine.scope(typeof it === 'function' ? (7 as never) : it),
  'runYardstick(it)': ({ engine }, it) => runYardstick(engine, it, 1),
  'rnn.forward(it)': ({ rnn }, it) => rnn.forward(it),
  'rnn.forward(…, it)': ({ rnn }, it) => rnn.forward(x, it),
  'rnn.forward(…, { state: it })': ({ rnn }, it) => rnn.forward(x, { state: it }),
  'rnn.forward(…, { state: { h: it } })': ({ rnn }, it) => rnn.forward(x, { state: { h: it } }),
  'rnn.forward(…, { lengths: it })': ({ rnn }, it) => rnn.forward(x, { lengths: it }),
  'rnn.forward(…, { lengths: [it] })': ({ rnn }, it) => rnn.forward(x, { lengths: [it] }),
  'rnn.forward(…, { training: it })': ({ rnn }, it) => rnn.forward(x, { training: it }),
  'rnn.forwardStep(it)': ({ rnn }, it) => rnn.forwardStep(it),
  'rnn.forwardStep(…, it)': ({ rnn }, it) => rnn.forwardStep(tensor([3]), it),
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
  'trainer.observeValidation(it)': ({ trainer }, it) => trainer.observeValidation(it),
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
  'classifier.forward(it)': ({ classifier }, it) => classifier.forward(it),
  'classifier.forward([it])': ({ classifier }, it) => classifier.forward([it]),
  'classifier.forward(…, it)': ({ classifier }, it) => classifier.forward([[1]], it ?? 7),
  'classifier.predict(it)': ({ classifier }, it) => classifier.predict(it),
  'classifier.lossAndGradients(it)': ({ classifier }, it) => classifier.lossAndGradients(it, [1, 0]),
  'classifier.lossAndGradients(…, it)': ({ classifier }, it) => classifier.lossAndGradients([[1]], it),
  'classifier.lossAndGradients(…, …, it)': ({ classifier }, it) => classifier.lossAndGradients([[1]], [1], it ?? 7),
  'classifier.lossAndGradients(…, it) of each step': ({ labeller }, it) => labeller.lossAndGradients([[1, 2]], it),
  'regressor.forward(it)': ({ regressor }, it) => regressor.forward(it),
  'regressor.forward(…, it)': ({ regressor }, it) => regressor.forward(x, it ?? 7),
  'regressor.forward(…, { lengths: it })': ({ regressor }, it) => regressor.forward(x, { lengths: it ?? 7 }),
  'regressor.lossAndGradients(it)': ({ regressor }, it) => regressor.lossAndGradients(it, tensor([1, 1])),
  'regressor.lossAndGradients(…, it)': ({ regressor }, it) => regressor.lossAndGradients(x, it),
  'regressor.lossAndGradients(…, …, it)': ({ regressor }, it) => regressor.lossAndGradients(x, tensor([1, 1]), it ?? 7),
  'schedule.step(it)': ({ schedule }, it) => schedule.step(it ?? '7'),
  'describeModel(it)': ({ engine }, it) => engine.describeModel(it),
  'describeModel(…, it)': ({ engine }, it) => engine.describeModel(file, it ?? 7),
  'meanSquaredError(it)': ({ engine }, it) => engine.meanSquaredError(it, tensor([1, 2])),
  'meanSquaredError(…, …, it)': ({ engine }, it) => engine.meanSquaredError(tensor([1, 2]), tensor([1, 2]), it ?? 7),
  'samplingDistribution(…, it)': ({ engine }, it) => engine.samplingDistribution(tensor([1, 2]), it ?? 7),
  'model.lossAndGradients(…, it)': ({ model }, it) =>
    model.lossAndGradients({ ids: [1], targets: [1], seqLen: 1, batchSize: 1 }, it ?? 7),
  'model.probe(…, it)': ({ model }, it) => model.probe('the', it ?? 7),
  'model.evaluateText(…, it)': ({ model }, it) => model.evaluateText('the', it ?? 7),
  'model.evaluateTexts(…, it)': ({ model }, it) => model.evaluateTexts(['the'], it ?? 7),
  'trainer.beginEvaluation(it)': ({ trainer }, it) => trainer.beginEvaluation(it),
  'trainer.shardGradients(it)': ({ engine }, it) => {
    using shard = engine.createTrainer({ ...SMALL, shard: { index: 0, count: 1 } }, SENTENCES);
    shard.shardGradients(it ?? 7);
  },
  'trainer.applyGradients(it)': ({ engine }, it) => {
    using shard = engine.createTrainer({ ...SMALL, shard: { index: 0, count: 1 } }, SENTENCES);
    shard.shardGradients();
    shard.applyGradients(it);
  },
  'rnn.gradientFlow(…, …, it)': ({ rnn }, it) => rnn.gradientFlow(tensor([1, 3]), tensor([4]), it ?? 7),
  'tensor(it)': (_, it) => library.tensor(it),
  'tensor(…, it)': (_, it) => library.tensor([1, 3], it ?? 7),
  'tensorFrom(it)': (_, it) => library.tensorFrom(it),
  'nestedFrom(it)': (_, it) => library.nestedFrom(it),
  'decodeUtf8(it)': (_, it) => decodeUtf8(it),
  'prepareText(it)': (_, it) => prepareText(it),
  'new PreparedText(it)': ({ engine }, it) => engine.createTrainer(SMALL, new PreparedText(it)),
};

/** Losses and gradients of a shard, as long as its parameters are. */
const gradients = ((): Float32Array => {
  using shard = engine.createTrainer({ ...SMALL, shard: { index: 0, count: 1 } }, SENTENCES);
  return shard.shardGradients().gradients;
})();
const { file, states } = ((): { file: Uint8Array; states: Uint8Array } => {
  using trainer = engine.createTrainer(SMALL, SENTENCES);
  using model = trainer.model();
  return { file: engine.saveModel(model), states: trainer.saveState() };
})();
const state = { h: tensor([2, 1, 4]), c: tensor([2, 1, 4]) };
const ids = { ids: [1, 2], targets: Int32Array.of(2, 1), seqLen: 2, batchSize: 1 };
const row = tensor([1, 2]);

/** What is valid in such a place; disguised, it is odder than anything else. */
export const VALID: Readonly<Record<string, unknown>> = {
  'createRnn(it)': { inputSize: 3, hiddenSize: 4, cell: 'gru', bidirectional: true, dropout: 0.1, seed: 3 },
  'createLanguageModel(it)': { hiddenSize: 2, vocabulary: ['a', 'b'], seed: 3 },
  'createLanguageModel({ vocabulary: it })': ['a', 'b'],
  'createTrainer(it)': {
    ...SMALL,
    optimizer: { kind: 'sgd', momentum: 0.9, nesterov: true },
    schedule: { kind: 'step', stepSize: 3 },
    split: [0.8, 0.1, 0.1],
    shard: { index: 0, count: 1 },
  },
  'createTrainer(…, it)': new PreparedText(SENTENCES),
  'new PreparedText(it)': prepareText(SENTENCES),
  'describeText(it)': new PreparedText(SENTENCES),
  'splitText(it)': new PreparedText(SENTENCES),
  'splitText(…, it)': [0.8, 0.1, 0.1],
  'plan(it)': { vocabSize: 7, schedule: { kind: 'plateau', mode: 'min' } },
  'readSafetensors(it)': file,
  'writeSafetensors(it)': [['a', 'b']],
  'writeSafetensors(…, it)': { a: tensor([1, 2]) },
  'loadModel(it)': file,
  'describeModel(it)': file,
  'describeModel(…, it)': { config: { cell: 'lstm' } },
  'saveModel(…, it)': { step: 3, run: 'x' },
  'rnn.forward(it)': x,
  'rnn.forward(…, { state: it })': state,
  'rnn.forward(…, { lengths: it })': Int32Array.of(1),
  'rnn.forwardStep(it)': tensor([3]),
  'rnn.forwardStep(…, it)': { h: tensor([2, 4]), c: tensor([2, 4]) },
  'rnn.backward(it)': { output: tensor([1, 1, 4]), hN: state.h, cN: state.c },
  'rnn.setDropoutMasks(it)': [tensor([1, 1, 4])],
  'rnn.gradientFlow(it)': tensor([1, 3]),
  'rnn.gradientFlow(…, it)': tensor([4]),
  'rnn.gradientFlow(…, …, it)': { h: tensor([2, 4]), c: null },
  'rnn.loadStateDict(it)': ((): object => {
    using rnn = engine.createRnn({ inputSize: 3, hiddenSize: 4, numLayers: 2, dropout: 0.5 });
    return Object.fromEntries(rnn.stateDict());
  })(),
  'rnn.loadStateDict([it])': ['bias_hh_l0', tensor([16])],
  'rnn.configureOptimizer(it)': { kind: 'adam', eps: 1e-8 },
  'model.loadStateDict(it)': new Map([['head.bias', tensor([28])]]),
  'model.lossAndGradients(it)': { ...ids, state: { h: tensor([1, 1, 12]), c: tensor([1, 1, 12]) } },
  'model.lossAndGradients(…, it)': { weights: [1], labelSmoothing: 0.1 },
  'model.generate(it)': { prompt: 'a', length: 2, stop: ['b'], temperature: 0.5, precision: 'int8' },
  'model.generateMany(it)': { prompts: ['a', 'b'], length: 2, stop: ['b'] },
  'model.beamSearch(it)': { prompt: 'a', length: 2, width: 2, stop: ['b'] },
  'model.evaluateTexts(it)': ['the', 'fox'],
  'model.probe(…, it)': { target: 'a' },
  'model.applyGradients(it)': { clipNorm: 1 },
  'trainer.restoreState(it)': states,
  'trainer.saveState(it)': new Map([['a', 'b']]),
  'trainer.shardGradients(it)': gradients,
  'trainer.applyGradients(it)': [{ loss: 1, gradients }],
  'trainer.setSchedule(it)': { kind: 'plateau', mode: 'min', thresholdMode: 'abs' },
  'trainer.setClipping(it)': { clipNorm: 1 },
  'createClassifier(it)': { vocabSize: 3, hiddenSize: 2, classes: 2, readout: 'steps' },
  'createRegressor(it)': { inputSize: 3, hiddenSize: 2 },
  'createSchedule(it)': { kind: 'cosine', learningRate: 1, tMax: 3 },
  'crossEntropy(it)': row,
  'crossEntropy(…, it)': Int32Array.of(1),
  'crossEntropy(…, …, it)': { weights: Float32Array.of(1), ignoreIndex: 3 },
  'meanSquaredError(it)': row,
  'meanSquaredError(…, it)': row,
  'samplingDistribution(it)': row,
  'argmax(it)': row,
  'bucketByLength(it)': [3, 1, 2],
  'classifier.forward(it)': [[1, 2], Int32Array.of(1)],
  'classifier.predict(it)': [[1, 2]],
  'classifier.lossAndGradients(it)': [[1, 2], [1]],
  'classifier.lossAndGradients(…, it)': [1],
  'classifier.lossAndGradients(…, it) of each step': [[1, 0]],
  'regressor.forward(it)': x,
  'regressor.forward(…, it)': { lengths: [1], training: true },
  'regressor.lossAndGradients(it)': x,
  'regressor.lossAndGradients(…, it)': tensor([1, 1]),
  'regressor.lossAndGradients(…, …, it)': { weights: [1], lengths: [1] },
  'tensor(it)': [1, 3],
  'tensor(…, it)': [1, 2, 3],
  'tensorFrom(it)': [
    [1, 2],
    [3, 4],
  ],
  'nestedFrom(it)': tensor([2, 2]),
  'decodeUtf8(it)': Uint8Array.of(97, 98),
};
