import { runYardstick } from '../../build/lib/engine/internal.js';
import { benchText, vocabSize } from './configs.mjs';
import { median, ratePerSecond, spread } from './measure.mjs';

/** CPU seconds that each figure of a round is measured for. */
const WINDOW = 0.4;

/** About ten milliseconds of work. */
const FLOPS_PER_CALL = 3e8;

/** A model in training; `rate()` measures full steps (forward, backward, clip, Adam) in characters per CPU second. */
class Training {
  #trainer;
  #engine;
  #charsPerStep;
  #stepsPerCall;

  constructor(engine, { cell, hidden, batch, seq, layers = 1 }) {
    const model = { cell, hiddenSize: hidden, numLayers: layers, batchSize: batch, seqLen: seq };
    this.flopsPerChar = engine.plan({ ...model, vocabSize }).flopsPerChar;
    this.#engine = engine;
    this.#charsPerStep = batch * seq;
    this.#trainer = engine.createTrainer(model, benchText(Math.max(20_000, 4 * batch * seq)));
    this.#trainer.train(1);
    this.#stepsPerCall = Math.ceil(FLOPS_PER_CALL / (this.flopsPerChar * this.#charsPerStep));
  }

  /** A call trains for some milliseconds, as the training worker's do: more steps at once where they are short. */
  rate() {
    return ratePerSecond(() => this.#trainer.train(this.#stepsPerCall).losses.length * this.#charsPerStep, WINDOW);
  }

  /** The kernel's or the chain's floating-point operations per second in this build. */
  peak(kind) {
    return ratePerSecond(() => runYardstick(this.#engine, kind, 100), WINDOW / 4);
  }

  delete() {
    this.#trainer.delete();
  }
}

/**
 * Measures one configuration in each engine, and in the other program if there is one. A round visits all of them, and
 * each engine's own peak beside it, so that shares and ratios hold although the machine's speed drifts.
 *
 * @returns a result for each engine, in their order
 */
export async function benchTraining(engines, config, rounds, rival) {
  const trainings = engines.map((engine) => new Training(engine, config));
  const rows = engines.map(() => []);
  const rivalRates = [];
  await rival?.rate(config, WINDOW);
  for (let round = 0; round < rounds; ++round) {
    const other = await rival?.rate(config, 2 * WINDOW);
    if (other !== undefined) rivalRates.push(other);
    trainings.forEach((training, i) => {
      const chain = training.peak('chain');
      const before = training.peak('kernel');
      const chars = training.rate();
      const kernel = (before + training.peak('kernel')) / 2;
      const flops = chars * training.flopsPerChar;
      rows[i].push({
        chars,
        flops,
        kernel,
        kernelShare: flops / kernel,
        chainShare: flops / chain,
        ratio: chars / other,
      });
    });
  }
  const results = trainings.map((_, i) => summary(rows[i], rivalRates));
  for (const training of trainings) training.delete();
  return results;
}

function summary(rows, rivalRates) {
  const of = (key) => rows.map((row) => row[key]);
  const result = {
    charsPerSecond: spread(of('chars')),
    gigaflops: median(of('flops')) * 1e-9,
    kernelGigaflops: median(of('kernel')) * 1e-9,
    kernelShare: spread(of('kernelShare')),
    chainShare: spread(of('chainShare')),
  };
  if (rivalRates.length === 0) return result;
  return { ...result, rivalCharsPerSecond: spread(rivalRates), ratio: spread(of('ratio')) };
}
