import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../web/engine/index.js';
import { readLink } from '../../web/links/index.js';
import { Run } from '../../web/run/index.js';
import { loadTask } from '../../web/tasks/tasks.js';

/**
 * Links that claim a fingerprint: what this generation of the engine must compute, to the bit, in Node, in every browser
 * and on every processor. When a change of arithmetic, compiler or flags makes them fail, that is either a mistake or
 * another generation (cpp/unroll/core/build_info.h), which makes every result that was shared incomparable. Made by
 * `unroll run --json`, whose last line has the link.
 */
const golden = JSON.parse(readFileSync(new URL('../golden/runs.json', import.meta.url), 'utf8')) as readonly string[];

const folder = new URL('../../web/corpora/texts/', import.meta.url);
const engine = await createEngine();

describe.each(golden)('%s', (link) => {
  it.each([0, 7, 1000])('is kept in slices of %i ms', async (sliceMs) => {
    const { config, claim } = await readLink(link);
    const task = await loadTask(config.task);
    const { data } = await task.load(config, (fileName) => readFile(new URL(fileName, folder)));
    const run = new Run(engine, config, data, { task, marks: [claim!.step] });
    const reached: string[] = [];
    while (run.activity !== 'done') {
      for (const event of await run.advance(sliceMs)) if (event.type === 'fingerprint') reached.push(event.fingerprint);
    }
    run.delete();
    expect(claim!.generation).toBe(engine.buildInfo().generation);
    expect(reached).toEqual([claim!.fingerprint]);
  });
});
