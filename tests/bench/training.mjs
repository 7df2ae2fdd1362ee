import { benchText, vocabSize } from './configs.mjs';
import { median, ratePerSecond, spread } from './measure.mjs';

/** CPU seconds that each figure of a round is measured for. */
const WINDOW = 0.4;

/**
 * Times full training steps (forward, backward, clip, Adam). Each round measures the kernel's own peak and the chain's
 * beside the training, so that shares hold although the machine's speed drifts.
 */
export function benchTraining(engine, { cell, hidden, batch, seq, layers = 1 }, rounds) {
  const model = { cell, hiddenSize: hidden, numLayers: layers, batchSize: batch, seqLen: seq };
  const { flopsPerChar } = engine.plan({ ...model, vocabSize });
  const trainer = engine.createTrainer(model, benchText(Math.max(20_000, 4 * batch * seq)));
  const step = () => trainer.train(1).losses.length * batch * seq;
  const yardstick = (kind) => ratePerSecond(() => engine.runYardstick(kind, 100), WINDOW / 4);
  step();
  const samples = [];
  for (let round = 0; round < rounds; ++round) {
    const chain = yardstick('chain');
    const kernel = yardstick('kernel');
    const chars = ratePerSecond(step, WINDOW);
    samples.push({
      chars,
      kernelShare: (chars * flopsPerChar) / kernel,
      chainShare: (chars * flopsPerChar) / chain,
      kernel,
    });
  }
  trainer.delete();
  const of = (key) => samples.map((sample) => sample[key]);
  return {
    charsPerSecond: spread(of('chars')),
    gigaflops: median(of('chars')) * flopsPerChar * 1e-9,
    kernelGigaflops: median(of('kernel')) * 1e-9,
    kernelShare: median(of('kernelShare')),
    chainShare: median(of('chainShare')),
  };
}
