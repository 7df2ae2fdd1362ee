import { cpus } from 'node:os';
import { parseArgs } from 'node:util';

import { engineOf } from '../fast-engine.mjs';
import { configs, nameOf } from './configs.mjs';
import { benchTraining } from './training.mjs';

/** npm run bench: characters per second of CPU time for full training steps, with the share of the machine's peak. */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    rounds: { type: 'string', default: '7' },
    configs: { type: 'string' },
    builds: { type: 'string', default: 'strict' },
  },
});
const wanted = values.configs?.split(';') ?? [];
const chosen = configs.filter((config) => wanted.length === 0 || wanted.some((word) => nameOf(config).includes(word)));
const engines = await Promise.all(values.builds.split(',').map(engineOf));

if (!values.json) {
  console.log(`${cpus()[0].model}, Node ${process.versions.node}, one thread`);
  console.log('medians of CPU time; shares are of the product kernel in the nearest cache and of a multiply-add chain');
  console.log('build  configuration               chars/s (min – max)              GFLOP/s  kernel  chain');
}
for (const [config, engine] of chosen.flatMap((config) => engines.map((engine) => [config, engine]))) {
  const result = benchTraining(engine, config, Number(values.rounds));
  const { build } = engine.buildInfo();
  if (values.json) {
    console.log(JSON.stringify({ ...config, build, ...result }));
    continue;
  }
  const { median, min, max } = result.charsPerSecond;
  const thousands = (rate) => `${(rate / 1000).toFixed(1)}k`;
  console.log(
    build.padEnd(6),
    nameOf(config).padEnd(27),
    `${thousands(median)} (${thousands(min)} – ${thousands(max)})`.padEnd(32),
    result.gigaflops.toFixed(1).padStart(7),
    `${(100 * result.kernelShare).toFixed(0)} %`.padStart(7),
    `${(100 * result.chainShare).toFixed(0)} %`.padStart(6),
  );
}
