import { cpus } from 'node:os';
import { parseArgs } from 'node:util';

import { runYardstick } from '../../build/lib/engine/internal.js';
import { engineOf } from '../fast-engine.mjs';
import { benchText, vocabSize } from './configs.mjs';
import { median, ratePerSecond, spread } from './measure.mjs';
import { multiplyAdds } from './multiply-adds.mjs';

/**
 * npm run bench -- --generation [--configs "1x128;2x512"] [--build fast] [--rounds N] [--json]: characters per second of CPU time that
 * an LSTM writes, sampling included, one text at a time and many at once, with float and with 8-bit weights.
 *
 * `x one` is the ratio to one text with float weights in the same round. `share` is that of the product kernel's rate in
 * the nearest cache, measured in the same round: 1 / share is what more streams in a batch could still gain on one core.
 * With 8-bit weights it can be above 100 %: the kernel that it is a share of multiplies floats.
 */
const { values } = parseArgs({
  options: {
    generation: { type: 'boolean' },
    json: { type: 'boolean' },
    rounds: { type: 'string', default: '7' },
    build: { type: 'string', default: 'strict' },
    configs: { type: 'string', default: '1x128;1x256;2x512' },
  },
});

/** CPU seconds that each figure of a round is measured for. */
const WINDOW = 0.4;
const STREAMS = [1, 8, 32];

const engine = await engineOf(values.build);
const vocabulary = [...new Set(benchText(1000))].sort().join('');

/** Ways of writing with one model; each `run` returns how many characters it wrote. */
function writers(model, length) {
  return ['float32', 'int8'].flatMap((precision) =>
    STREAMS.map((count) => {
      const options = { prompt: 'A', temperature: 0.8, precision };
      if (count > 1) {
        // As long as one text, so that making the 8-bit copy weighs as little.
        const run = () => model.generateMany({ ...options, count, length }).length * length;
        return { precision, count, run };
      }
      const generator = model.createGenerator(options);
      return { precision, count, run: () => generator.next(length).logProbs.length };
    }),
  );
}

if (!values.json) {
  console.log(`${cpus()[0].model}, Node ${process.versions.node}, ${engine.buildInfo().build} build, one thread`);
  console.log('medians of CPU time; texts are drawn at temperature 0.8 from 65 characters');
  console.log('model    weights  texts   chars/s (min – max)              x one   share of the kernel');
}
for (const name of values.configs.split(';')) {
  const [layers, hidden] = name.split('x').map(Number);
  const model = engine.createLanguageModel({ hiddenSize: hidden, numLayers: layers, vocabulary, seed: 1 });
  const flops = 2 * multiplyAdds({ hidden, layers, outputs: vocabSize }, {});
  const ways = writers(model, hidden * layers > 512 ? 200 : 1000);
  for (const { run } of ways) run();
  const samples = ways.map(() => ({ rates: [], ratios: [], shares: [] }));
  for (let round = 0; round < Number(values.rounds); ++round) {
    const kernel = ratePerSecond(() => runYardstick(engine, 'kernel', 100), WINDOW / 4);
    const rates = ways.map(({ run }) => ratePerSecond(run, WINDOW));
    rates.forEach((rate, i) => {
      samples[i].rates.push(rate);
      samples[i].ratios.push(rate / rates[0]);
      samples[i].shares.push((rate * flops) / kernel);
    });
  }
  ways.forEach(({ precision, count }, i) => {
    const rate = spread(samples[i].rates);
    const [ratio, share] = [median(samples[i].ratios), median(samples[i].shares)];
    if (values.json) {
      console.log(
        JSON.stringify({ model: name, precision, texts: count, charsPerSecond: rate, ratio, kernelShare: share }),
      );
      return;
    }
    const thousands = (chars) => `${(chars / 1000).toFixed(1)}k`;
    console.log(
      `lstm ${name}`.padEnd(8),
      precision.padEnd(8),
      String(count).padStart(4),
      `  ${thousands(rate.median)} (${thousands(rate.min)} – ${thousands(rate.max)})`.padEnd(34),
      ratio.toFixed(2).padStart(5),
      `${(100 * share).toFixed(0)} %`.padStart(8),
    );
  });
  model.delete();
}
