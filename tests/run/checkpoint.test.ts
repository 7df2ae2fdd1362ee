import { describe, expect, it } from 'vitest';
import { DivergedError } from '../../web/engine/index.js';
import type { LanguageConfig } from '../../web/links/index.js';
import { startRun, trainerConfig } from '../../web/run/index.js';
import type { Run, RunCheckpoint, RunEvent } from '../../web/run/index.js';
import { engine, SENTENCES } from '../engine/engine.js';
import { FakeThread } from '../parallel/threads.js';
import { CONFIG } from './small-config.js';

const start = (config: LanguageConfig): Promise<Run> =>
  startRun(engine, config, SENTENCES, () => new FakeThread(), { marks: [25, 60] });

/** All that happens from now on, in slices as short as they can be. */
async function finish(run: Run): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  while (run.activity !== 'done') events.push(...(await run.advance(0)));
  return events;
}

/** A run that is given up after each `every` slices and goes on as another one, and how often. */
async function interrupted(config: LanguageConfig, every: number): Promise<{ events: RunEvent[]; breaks: number }> {
  const events: RunEvent[] = [];
  let run = await start(config);
  let breaks = 0;
  for (let slice = 1; run.activity !== 'done'; slice++) {
    events.push(...(await run.advance(0)));
    if (slice % every !== 0) continue;
    const checkpoint = await run.checkpoint();
    run.delete();
    run = await start(config);
    await run.restore(structuredClone(checkpoint!));
    breaks++;
  }
  run.delete();
  return { events, breaks };
}

describe('a checkpoint', () => {
  it.each([
    [1, 1],
    [1, 7],
    [2, 5],
    [3, 16],
  ])('goes on to the same bits and events: %i workers, given up after each %i slices', async (workers, every) => {
    const config = { ...CONFIG, workers };
    const run = await start(config);
    const whole = await finish(run);
    run.delete();
    const { events, breaks } = await interrupted(config, every);
    expect(breaks).toBeGreaterThan(4);
    expect(events).toEqual(whole);
  });

  it('of a run at its end goes on to a later end, as one that had it from the start', async () => {
    const long = await start(CONFIG);
    const whole = await finish(long);
    long.delete();
    const short = await start({ ...CONFIG, steps: 33 });
    await finish(short);
    const checkpoint = await short.checkpoint();
    short.delete();
    const rest = await start(CONFIG);
    await rest.restore(checkpoint!);
    expect(rest.step).toBe(33);
    expect(await finish(rest)).toEqual(whole.filter(({ step }) => step > 33));
    rest.delete();
  });

  it('is not to be had while weights are evaluated that are gone by now, and soon after', async () => {
    const run = await start(CONFIG);
    await run.takeFirstStep();
    expect(await run.checkpoint()).toBeNull();
    while (run.activity === 'evaluating') await run.advance(0);
    expect(await run.checkpoint()).toMatchObject({ step: 1 });
    run.delete();
  });

  it('in the middle of an evaluation has it done anew', async () => {
    const run = await start({ ...CONFIG, text: { own: SENTENCES.repeat(40) } });
    await run.advance(0);
    const checkpoint = await run.checkpoint();
    const rest = await finish(run);
    await run.restore(checkpoint!);
    expect(await finish(run)).toEqual(rest);
    run.delete();
  });
});

describe('another learning rate and clipping', () => {
  it.each([1, 2])('stay when a run goes on elsewhere: %i workers', async (workers) => {
    const config = { ...CONFIG, workers };
    const run = await start(config);
    while (run.step < 20) await run.advance(0);
    await run.adjust({ learningRate: 0.01, clipNorm: 0.5 });
    expect(run.config).toEqual({ ...config, learningRate: 0.01, clipNorm: 0.5 });
    expect(run.restorable).toEqual({ ...config, clipNorm: 0.5 });
    const checkpoint = await run.checkpoint();
    const rest = await finish(run);
    const other = await start(run.restorable as LanguageConfig);
    await other.restore(checkpoint!);
    expect(other.config.learningRate).toBe(0.01);
    expect(await finish(other)).toEqual(rest);
    const same = await start(config);
    expect(rest.at(-1)).not.toEqual((await finish(same)).at(-1));
    await other.rewind();
    expect(other.config.learningRate).toBe(config.learningRate);
    for (const each of [run, other, same]) each.delete();
  });

  it('are refused as a whole when one is', async () => {
    const undisturbed = await start(CONFIG);
    const whole = await finish(undisturbed);
    undisturbed.delete();
    const run = await start(CONFIG);
    await expect(run.adjust({ learningRate: -1, clipNorm: 0.01 })).rejects.toMatchObject({ code: 'INVALID_CONFIG' });
    await expect(run.adjust({ learningRate: 0.1, clipNorm: -5 })).rejects.toMatchObject({ code: 'INVALID_CONFIG' });
    expect(run.config).toEqual(CONFIG);
    expect(await finish(run)).toEqual(whole);
    run.delete();
  });
});

describe('a checkpoint is refused', () => {
  async function refusal(config: LanguageConfig, checkpoint: RunCheckpoint): Promise<unknown> {
    const run = await start(config);
    const error: unknown = await run.restore(checkpoint).catch((reason: unknown) => reason);
    run.delete();
    return error;
  }

  async function taken(config: LanguageConfig): Promise<RunCheckpoint> {
    const run = await start(config);
    while (run.step < 20) await run.advance(0);
    const checkpoint = await run.checkpoint();
    run.delete();
    return checkpoint!;
  }

  it('by a run that ends before it', async () => {
    expect(await refusal({ ...CONFIG, steps: 19 }, await taken(CONFIG))).toMatchObject({ code: 'INVALID_CONFIG' });
  });

  it('by a run of another network, and of another number of workers', async () => {
    const checkpoint = await taken(CONFIG);
    expect(await refusal({ ...CONFIG, hiddenSize: 13 }, checkpoint)).toMatchObject({ code: 'INVALID_CONFIG' });
    expect(await refusal({ ...CONFIG, workers: 2 }, checkpoint)).toMatchObject({ code: 'INVALID_ARGUMENT' });
    const ofTwo = await taken({ ...CONFIG, workers: 2 });
    expect(await refusal(CONFIG, ofTwo)).toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it.each([
    ...['', '{', 'null', '{"validation":7,"test":null,"done":[],"learningRate":1,"blewUp":false}'],
    ...['{"validation":null,"test":null,"done":[],"learningRate":"1","blewUp":false}'],
    ...['{"validation":null,"test":null,"done":[],"blewUp":false}'],
    ...['{"validation":null,"test":null,"done":[],"learningRate":1}'],
  ])('when its note is %j', async (note) => {
    using trainer = engine.createTrainer(trainerConfig(CONFIG), SENTENCES);
    const states = [trainer.saveState([['run', note]])];
    expect(await refusal(CONFIG, { step: 0, states })).toMatchObject({ code: 'FILE_INVALID' });
  });
});

describe('a run that diverges', () => {
  it('stands where its trainer has gone back to, and can be kept from there', async () => {
    const wild = {
      cell: 'rnn-relu',
      numLayers: 1,
      dropout: 0,
      hiddenSize: 64,
      seqLen: 32,
      optimizer: 'sgd',
      learningRate: 0.3,
      clipNorm: 0,
    } as const;
    const run = await start({ ...CONFIG, ...wild, steps: 4000, evalEvery: 0, sampleEvery: 0 });
    const error = await finish(run).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DivergedError);
    const { resumedAtStep } = (error as DivergedError).divergence;
    expect(run.step).toBe(resumedAtStep);
    expect(run.activity).toBe('training');
    const checkpoint = await run.checkpoint();
    expect(checkpoint).toMatchObject({ step: resumedAtStep });
    // With a memory that can be read, also of steps that nobody was told of.
    await run.restore(checkpoint!);
    expect(run.step).toBe(resumedAtStep);
    run.delete();
  });
});
