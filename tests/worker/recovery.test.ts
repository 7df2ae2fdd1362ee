import { beforeAll, describe, expect, test } from 'vitest';
import { createEngine } from '../../web/engine/index.js';
import type { Engine } from '../../web/engine/index.js';
import { DEFAULTS } from '../../web/links/index.js';
import type { LanguageConfig } from '../../web/links/index.js';
import type { GenerateArgs, Progress } from '../../web/worker/protocol.js';
import { createTrappingEngine } from '../run/trapping-engine.js';
import type { TrappingEngine } from '../run/trapping-engine.js';
import { makeSession } from './asked-session.js';

const CONFIG: LanguageConfig = {
  ...DEFAULTS,
  text: 'counting',
  hiddenSize: 12,
  dropout: 0.1,
  numLayers: 2,
  batchSize: 8,
  seqLen: 16,
  steps: 120,
  evalEvery: 40,
  sampleEvery: 60,
  sampleLength: 30,
};

/** What has been told of a run, as the page puts it together. */
const told = (batches: readonly Progress[]) => ({
  losses: batches.flatMap(({ losses }) => [...losses]),
  evaluations: batches.flatMap(({ evaluations }) => evaluations),
  samples: batches.flatMap(({ samples }) => samples),
});

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});

async function undisturbed(config: LanguageConfig) {
  const { ask, batches } = makeSession(async () => engine);
  await ask('prepare', { config });
  await ask('trainStep', { until: 1 });
  const { result } = await ask('train', {});
  return { result, ...told(batches) };
}

/** A session whose engines can be made to trap. */
function mortalSession() {
  const made: TrappingEngine[] = [];
  const session = makeSession(async () => made[made.push(await createTrappingEngine()) - 1]!.engine);
  const trapAfter = (calls: number): void => made.at(-1)!.trapAfter(calls);
  const mended = (): number => session.said.filter(({ kind }) => kind === 'mended').length;
  return { ...session, made, trapAfter, mended };
}

const WRITE: GenerateArgs = { source: 'run', prompt: 'a', length: 40, temperature: 1, seed: 1 };

describe('when the engine traps', () => {
  test.each([1, 2])('a session goes on to the same end and tells all once, with %i workers', async (workers) => {
    const config = { ...CONFIG, workers };
    const { ask, batches, made, trapAfter, mended } = mortalSession();
    await ask('prepare', { config });
    trapAfter(3);
    await ask('trainStep', { until: 1 });
    for (let step = 2; step < 50; step += 5) {
      trapAfter(1 + (step % 7));
      await ask('trainStep', { until: step });
    }
    const training = ask('train', {});
    trapAfter(9);
    const { result } = await training;
    expect(made.length).toBeGreaterThan(8);
    expect(mended()).toBeGreaterThan(8);
    expect({ result, ...told(batches) }).toEqual(await undisturbed(config));
  });

  test('what is asked of the run is answered by the same weights', async () => {
    const plain = makeSession(async () => engine);
    const { ask, trapAfter, mended } = mortalSession();
    for (const each of [plain.ask, ask]) {
      await each('prepare', { config: CONFIG });
      await each('trainStep', { until: 23 });
    }
    trapAfter(5);
    expect(await ask('generate', WRITE)).toEqual(await plain.ask('generate', WRITE));
    trapAfter(2);
    expect(await ask('saveModel', {})).toEqual(await plain.ask('saveModel', {}));
    trapAfter(1);
    expect(await ask('baselines', {})).toEqual(await plain.ask('baselines', {}));
    trapAfter(1);
    expect(await ask('rewind', {})).toEqual(await plain.ask('rewind', {}));
    expect(mended()).toBe(4);
  });

  test('what has nothing to do with the run is done anew, and the run goes on all the same', async () => {
    const { ask, trapAfter, made } = mortalSession();
    await ask('prepare', { config: CONFIG });
    await ask('trainStep', { until: 7 });
    const { bytes } = await ask('saveModel', {});
    trapAfter(1);
    expect((await ask('plan', { config: CONFIG })).vocabSize).toBe(3);
    trapAfter(2);
    expect(await ask('check', { config: CONFIG })).toBeNull();
    trapAfter(2);
    expect(await ask('openModel', { bytes })).toMatchObject({ hiddenSize: 12 });
    trapAfter(2);
    const written = await ask('generate', { ...WRITE, source: 'file' });
    expect(written).toEqual(await ask('generate', WRITE));
    expect(made).toHaveLength(5);
    expect((await ask('train', {})).result).toEqual((await undisturbed(CONFIG)).result);
  });

  test('again and again at the same place, the request is refused; the next one tries anew', async () => {
    let lives = Infinity;
    const { ask } = makeSession(async () => {
      const made = await createTrappingEngine();
      made.trapAfter(lives);
      if (lives < Infinity) traps.push(made);
      return made.engine;
    });
    const traps: TrappingEngine[] = [];
    await ask('prepare', { config: CONFIG });
    await ask('trainStep', { until: 5 });
    lives = 3;
    const plan = ask('plan', { config: { ...CONFIG, fast: true } });
    await expect(plan).rejects.toMatchObject({ code: 'ENGINE_STOPPED' });
    expect(traps.length).toBe(3);
    lives = Infinity;
    expect((await ask('train', {})).reason).toBe('finished');
  });
});

describe('a session that takes over from one that is gone', () => {
  test.each([
    [1, 0, 'nothing was kept'],
    [1, 33, 'it was kept where it is'],
    [2, 33, 'it was kept where it is'],
  ])('goes on to the same end and tells the rest: %i workers, from step %i, %s', async (workers, kept) => {
    const config = { ...CONFIG, workers };
    const before = makeSession(async () => engine);
    await before.ask('prepare', { config });
    await before.ask('trainStep', { until: 1 });
    if (kept > 0) await before.ask('trainStep', { until: kept });
    const { checkpoint } = before.batches.at(-1)!;
    expect(checkpoint?.step).toBe(Math.max(kept, 1));

    const { ask, batches, said } = makeSession(async () => engine);
    const known = { runId: 77, config, step: 45, batch: 12 };
    const resumed = ask('resume', { ...known, checkpoint: kept === 0 ? null : checkpoint });
    // The page does not wait for it.
    const written = ask('generate', WRITE);
    const { result } = await ask('train', {});
    await resumed;
    const whole = await undisturbed(config);
    expect(result).toEqual(whole.result);
    expect(told(batches).losses).toEqual(whole.losses.slice(45));
    expect(batches[0]).toMatchObject({ runId: 77, batch: 13 });
    expect(told(batches).samples.at(-1)).toEqual(whole.samples.at(-1));
    expect(said.filter(({ kind }) => kind === 'mended')).toEqual([]);
    expect([...(await written).likeliest]).toHaveLength(40);
  });

  test('writes with the weights that the page has seen, before it trains', async () => {
    const plain = makeSession(async () => engine);
    await plain.ask('prepare', { config: CONFIG });
    await plain.ask('trainStep', { until: 45 });
    const { ask } = makeSession(async () => engine);
    await ask('resume', { runId: 1, config: CONFIG, step: 45, batch: 0, checkpoint: null });
    expect(await ask('generate', WRITE)).toEqual(await plain.ask('generate', WRITE));
    // A step that has been done is not done again.
    await ask('trainStep', { until: 45 });
    expect(await ask('saveModel', {})).toEqual(await plain.ask('saveModel', {}));
  });

  test('at the end of a run it knows the result', async () => {
    const before = makeSession(async () => engine);
    await before.ask('prepare', { config: CONFIG });
    const { result } = await before.ask('train', {});
    const { checkpoint } = before.batches.findLast((batch) => batch.checkpoint !== null)!;
    const { ask } = makeSession(async () => engine);
    await ask('resume', { runId: 1, config: CONFIG, step: 120, batch: 0, checkpoint });
    expect((await ask('train', {})).result).toEqual(result);
  });
});

test('a checkpoint comes with the batch that tells what was before it', async () => {
  const { ask, batches } = makeSession(async () => engine);
  await ask('prepare', { config: CONFIG });
  await ask('trainStep', { until: 3 });
  await ask('trainStep', { until: 9 });
  await ask('train', {});
  const kept = batches.filter(({ checkpoint }) => checkpoint !== null);
  expect(kept.map(({ checkpoint }) => checkpoint!.step)).toEqual([3, 9, 120]);
  for (const { step, checkpoint } of kept) expect(step).toBe(checkpoint!.step);
});

test('a long silence is announced before it begins, and its end behind it', async () => {
  const { ask, said } = makeSession(async () => engine);
  // A sample of this one would take the slowest machine some seconds.
  const config = { ...CONFIG, hidden: 256, layers: 1, sampleLength: 3000, steps: 2 };
  await ask('prepare', { config });
  const busy = said.filter((message) => message.kind === 'busy').map(({ ms }) => ms);
  // While it reads, while it writes besides, and after.
  expect(busy.at(-1)).toBe(0);
  expect(Math.max(...busy)).toBeGreaterThan(3000);
  expect(said.findIndex(({ kind }) => kind === 'busy')).toBe(0);
});
