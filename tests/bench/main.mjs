import { cpus } from 'node:os';
import { parseArgs } from 'node:util';

import { engineOf } from '../fast-engine.mjs';
import { configs, nameOf } from './configs.mjs';
import { benchWorkers, parallelConfigs, workersHeading, workersLine } from './parallel.mjs';
import { Rival } from './rival.mjs';
import { heading, lineOf } from './table.mjs';
import { benchTraining } from './training.mjs';

/**
 * npm run bench: characters per second of CPU time for full training steps, with the share of the machine's own peak.
 *
 *   --builds strict,fast     which builds of the engine; strict alone by default
 *   --configs '1x128;gru'    configurations whose names contain one of these
 *   --rounds N               7 by default; each visits everything that is measured
 *   --against COMMAND        alternates with another program, see rival.mjs
 *   --workers N              N workers against one by the clock, see parallel.mjs
 *   --json                   one JSON object a line
 */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    builds: { type: 'string', default: 'strict' },
    configs: { type: 'string' },
    rounds: { type: 'string', default: '7' },
    against: { type: 'string' },
    workers: { type: 'string' },
  },
});
const wanted = values.configs?.split(';') ?? [];
const all = values.workers === undefined ? configs : parallelConfigs;
const chosen = all.filter((config) => wanted.length === 0 || wanted.some((word) => nameOf(config).includes(word)));
if (chosen.length === 0) throw new Error(`bench: no configuration is called ${values.configs}`);
const engines = await Promise.all(values.builds.split(',').map(engineOf));
if (values.workers === undefined) await benchOneThread();
else await benchManyThreads(Number(values.workers));

async function benchOneThread() {
  const rival = values.against === undefined ? undefined : new Rival(values.against);

  if (!values.json) {
    console.log(`${cpus()[0].model}, Node ${process.versions.node}, one thread, medians of CPU time (min – max)`);
    console.log('kernel, chain: share of the product kernel in the nearest cache, and of a multiply-add chain');
    console.log(heading(rival !== undefined));
  }
  for (const config of chosen) {
    const results = await benchTraining(engines, config, Number(values.rounds), rival);
    results.forEach((result, i) => {
      const { build } = engines[i].buildInfo();
      console.log(
        values.json ? JSON.stringify({ ...config, build, ...result }) : lineOf(nameOf(config), build, result),
      );
    });
  }
  rival?.end();
}

async function benchManyThreads(workers) {
  if (!values.json) {
    console.log(`${cpus()[0].model}, ${cpus().length} cores, Node ${process.versions.node}, medians`);
    console.log(workersHeading);
  }
  for (const config of chosen) {
    const result = await benchWorkers(engines[0], config, Number(values.rounds), workers);
    console.log(values.json ? JSON.stringify({ ...config, ...result }) : workersLine(config, result));
  }
}
