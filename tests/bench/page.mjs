import { cpus } from 'node:os';
import { parseArgs } from 'node:util';

import { configs, nameOf } from './configs.mjs';
import { measureModuleStart } from './module-start.mjs';
import { spread } from './measure.mjs';
import { openSite } from './site.mjs';
import { measureSpeed } from './page-speed.mjs';
import { measureStart } from './page-start.mjs';

/**
 * npm run bench:page: how long a first visit to the page waits, and how fast the page then trains, in headless Chromium
 * with an empty profile each time, served from this machine.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '3' },
    configs: { type: 'string' },
    link: { type: 'string', default: '' },
  },
});
const rounds = Number(values.rounds);
const wanted = values.configs?.split(';') ?? [];
const chosen = configs.filter((config) => wanted.length === 0 || wanted.some((word) => nameOf(config).includes(word)));

const print = (name, figures, unit) => {
  if (values.json) return console.log(JSON.stringify({ name, unit, ...figures }));
  const show = (value) => (unit === 'ms' ? value.toFixed(0) : `${(value / 1000).toFixed(1)}k`);
  const { median, min, max } = figures;
  console.log(`${name.padEnd(44)} ${show(median).padStart(7)} (${show(min)} – ${show(max)}) ${unit}`);
};

const site = await openSite();
try {
  if (!values.json) {
    console.log(`${cpus()[0].model}, Node ${process.versions.node}, Chromium ${await site.version()}`);
    console.log(`medians of ${rounds} rounds by the clock; run it on an idle machine`);
  }
  const starts = [];
  for (let round = 0; round < rounds; ++round) starts.push(await measureStart(site, values.link));
  for (const name of Object.keys(starts[0])) print(`page: ${name}`, spread(starts.map((start) => start[name])), 'ms');
  const modules = Array.from({ length: rounds }, () => measureModuleStart());
  print('Node: createEngine() in a new process', spread(modules), 'ms');
  for (const config of chosen) {
    const speeds = [];
    for (let round = 0; round < rounds; ++round) speeds.push(await measureSpeed(site, config, Number(values.seconds)));
    print(`page: ${nameOf(config)}, strict`, spread(speeds), 'chars/s');
  }
} finally {
  await site.close();
}
