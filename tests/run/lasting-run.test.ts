import { describe, expect, it } from 'vitest';
import { UnrollError } from '../../web/engine/index.js';
import type { Engine } from '../../web/engine/index.js';
import type { LanguageConfig } from '../../web/links/index.js';
import { LastingRun, Run, saveRun, startRun } from '../../web/run/index.js';
import type { LastingRunOptions, RunCheckpoint, RunEvent } from '../../web/run/index.js';
import { engine, SENTENCES } from '../engine/engine.js';
import { FakeThread } from '../parallel/threads.js';
import { CONFIG } from './small-config.js';
import { createTrappingEngine } from './trapping-engine.js';
import type { TrappingEngine } from './trapping-engine.js';

const start = (own: Engine, config: LanguageConfig): Promise<Run> =>
  startRun(own, config, SENTENCES, () => new FakeThread(), { marks: [25, 60] });

/** All that happens from now on; `meanwhile` is called before each slice. */
async function finish(run: Run | LastingRun, meanwhile: () => void = () => undefined): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  while (run.activity !== 'done') {
    meanwhile();
    events.push(...(await run.advance(0)));
  }
  return events;
}

async function undisturbed(config: LanguageConfig): Promise<RunEvent[]> {
  const run = await start(engine, config);
  const events = await finish(run);
  run.delete();
  return events;
}

/** A lasting run whose engines are made to trap, on a clock that the test moves. */
async function mortal(config: LanguageConfig, options: Partial<LastingRunOptions> = {}) {
  const made: TrappingEngine[] = [];
  const checkpoints: RunCheckpoint[] = [];
  const clock = { ms: 0 };
  let breakdowns = 0;
  const run = await LastingRun.start({
    make: async () => {
      if (made.at(-1)?.engine.stopped !== false) made.push(await createTrappingEngine());
      return start(made.at(-1)!.engine, config);
    },
    now: () => clock.ms,
    onCheckpoint: (checkpoint) => checkpoints.push(checkpoint),
    onBreakdown: () => ++breakdowns,
    ...options,
  });
  const trapAfter = (calls: number): void => made.at(-1)!.trapAfter(calls);
  return { run, made, checkpoints, clock, trapAfter, breakdowns: () => breakdowns };
}

describe('a run whose engine traps', () => {
  it.each([
    [1, 9, 1000],
    [1, 4, 0],
    [1, 11, 700],
    [2, 7, 1000],
    [3, 30, 300],
  ])(
    'tells the same as one undisturbed: %i workers, a trap in every %i slices, %i ms each',
    async (workers, every, ms) => {
      const config = { ...CONFIG, workers };
      const { run, made, clock, trapAfter, breakdowns } = await mortal(config);
      let slices = 0;
      const events = await finish(run, () => {
        clock.ms += ms;
        // Anywhere in what comes: before a step, behind it, in an evaluation, while a result is made.
        if (++slices % every === 0) trapAfter(1 + (slices % 5));
      });
      expect(made.length).toBeGreaterThan(3);
      expect(breakdowns()).toBe(made.length - 1);
      expect(events).toEqual(await undisturbed(config));
      expect(made.at(-1)!.engine.stopped).toBe(false);
      run.delete();
      expect(made.at(-1)!.engine.liveObjects()).toBe(0);
    },
  );

  it('and one whose threads die', async () => {
    const config = { ...CONFIG, workers: 3 };
    const threads: FakeThread[] = [];
    let breakdowns = 0;
    const run = await LastingRun.start({
      make: () =>
        startRun(engine, config, SENTENCES, () => threads[threads.push(new FakeThread()) - 1]!, { marks: [25, 60] }),
      now: () => 0,
      onBreakdown: () => ++breakdowns,
    });
    let slices = 0;
    const events = await finish(run, () => {
      if (++slices % 20 === 0) threads.at(-1 - (slices % 3 > 0 ? 1 : 0))!.die('out of memory');
    });
    expect(breakdowns).toBeGreaterThan(3);
    expect(threads).toHaveLength(2 + 2 * breakdowns);
    expect(threads.slice(0, -2).every(({ terminated }) => terminated)).toBe(true);
    expect(events).toEqual(await undisturbed(config));
    run.delete();
  });

  it('also when it breaks down in between, by what others do with its engine', async () => {
    const { run, made, clock, trapAfter } = await mortal(CONFIG);
    let last = 0;
    const events = await finish(run, () => {
      clock.ms += 400;
      if (run.step % 10 !== 3 || run.step === last) return;
      last = run.step;
      trapAfter(1);
      expect(() => made.at(-1)!.engine.plan({ hiddenSize: 5, vocabSize: 5 })).toThrow(UnrollError);
    });
    expect(made.length).toBeGreaterThan(5);
    expect(events).toEqual(await undisturbed(CONFIG));
    run.delete();
  });

  it('gives the answers of the step that was told, and saves that model', async () => {
    const plain = await start(engine, CONFIG);
    while (plain.step < 23) await plain.advance(0);
    const { run, trapAfter, breakdowns } = await mortal(CONFIG);
    while (run.step < 23) await run.advance(0);
    trapAfter(1);
    expect(await run.ask((inner) => inner.sample())).toBe(plain.sample());
    trapAfter(1);
    expect(await run.ask(saveRun)).toEqual(saveRun(plain));
    trapAfter(1);
    expect(await run.checkpoint()).toEqual(await plain.checkpoint());
    expect(breakdowns()).toBe(3);
    // Nothing of what is told later is missing.
    expect(await finish(run)).toEqual(await finish(plain));
    plain.delete();
    run.delete();
  });

  it('takes its first step early, and goes back to the beginning', async () => {
    const { run, trapAfter, breakdowns } = await mortal(CONFIG);
    trapAfter(2);
    const first = await run.takeFirstStep();
    expect(first.at(-1)).toMatchObject({ type: 'steps', step: 1 });
    trapAfter(1);
    const events = [...first, ...(await finish(run))];
    const inOrder = (all: readonly RunEvent[]) =>
      all.toSorted((a, b) => a.step - b.step || a.type.localeCompare(b.type));
    expect(inOrder(events)).toEqual(inOrder(await undisturbed(CONFIG)));
    trapAfter(1);
    await run.rewind();
    expect(run.step).toBe(0);
    trapAfter(1);
    expect(await finish(run)).toEqual(await undisturbed(CONFIG));
    expect(breakdowns()).toBeGreaterThan(3);
    run.delete();
  });

  it('is given up after three times without coming further, and can be tried again', async () => {
    const { run, made, trapAfter } = await mortal(CONFIG);
    while (run.step < 12) await run.advance(0);
    const { length } = made;
    let broken = true;
    // Each engine that is made from now on has not long to live.
    made.push = (each) => {
      each.trapAfter(broken ? 2 : Infinity);
      return Array.prototype.push.call(made, each);
    };
    trapAfter(1);
    const error = await run.advance(0).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'ENGINE_STOPPED', message: expect.stringContaining('3 engines in a row') });
    expect((error as Error).message).toContain('after step 12 (memory access out of bounds)');
    expect((error as Error).cause).toMatchObject({ code: 'ENGINE_STOPPED' });
    expect(made.length - length).toBe(2);

    broken = false;
    expect((await run.advance(0)).length).toBe(0);
    expect((await finish(run)).at(-1)).toEqual((await undisturbed(CONFIG)).at(-1));
    run.delete();
  });

  it('does not hide any other error', async () => {
    const refused = LastingRun.start({ make: () => start(engine, { ...CONFIG, prompt: 'Ω' }), now: () => 0 });
    await expect(refused).rejects.toMatchObject({ code: 'NOT_IN_VOCABULARY' });
    const { run, made } = await mortal(CONFIG);
    const question = (): never => {
      throw new UnrollError('INVALID_ARGUMENT', 'no');
    };
    await expect(run.ask(question)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(made).toHaveLength(1);
    run.delete();
  });
});

describe('the checkpoints of a run', () => {
  /** The times on the clock at which they are taken, each of which takes `costMs`, while a slice takes a second. */
  async function times(steps: number, costMs: number): Promise<number[]> {
    const taken: number[] = [];
    const { run, clock } = await mortal(
      { ...CONFIG, steps },
      {
        onCheckpoint: () => {
          taken.push(clock.ms);
          clock.ms += costMs;
        },
      },
    );
    await finish(run, () => {
      clock.ms += 1000;
    });
    run.delete();
    return taken;
  }

  const gaps = (all: readonly number[]) => all.slice(1).map((ms, i) => ms - all[i]!);

  it('are taken every five seconds', async () => {
    const taken = await times(60, 0);
    expect(taken[0]).toBe(5000);
    expect(taken.length).toBeGreaterThan(10);
    expect(new Set(gaps(taken).slice(0, -1))).toEqual(new Set([5000]));
  });

  it('are rarer where they take long: a hundredth of the time at most', async () => {
    const taken = await times(400, 300);
    expect(taken.length).toBeGreaterThan(10);
    expect(new Set(gaps(taken).slice(0, -1))).toEqual(new Set([30_300]));
  });

  it('come last just before the end, so that whoever goes on from there is told the result', async () => {
    const { run, checkpoints } = await mortal(CONFIG);
    const whole = await finish(run);
    expect(checkpoints.map(({ step }) => step)).toEqual([70]);
    run.delete();
    const elsewhere = await mortal(CONFIG, { from: checkpoints[0] });
    expect(elsewhere.run.activity).toBe('finishing');
    expect(await finish(elsewhere.run)).toEqual([whole.at(-1)]);
    elsewhere.run.delete();
  });

  it('are not taken of a run that stands still, unless it is asked to keep where it is', async () => {
    const { run, checkpoints } = await mortal(CONFIG);
    await run.keep();
    expect(checkpoints).toEqual([]);
    while (run.step < 9) await run.advance(0);
    await run.keep();
    await run.keep();
    expect(checkpoints.map(({ step }) => step)).toEqual([9]);
    run.delete();
  });

  it('let a run go on elsewhere, silently up to a step that was told there', async () => {
    const whole = await undisturbed(CONFIG);
    const { run, checkpoints } = await mortal(CONFIG);
    while (run.step < 17) await run.advance(0);
    await run.keep();
    run.delete();
    const elsewhere = await mortal(CONFIG, { from: structuredClone(checkpoints[0]), toldStep: 24 });
    expect(elsewhere.run.step).toBe(24);
    const events = await finish(elsewhere.run);
    expect(events.filter(({ type }) => type === 'steps').at(0)).toMatchObject({ step: 25 });
    expect(events.at(-1)).toEqual(whole.at(-1));
    elsewhere.run.delete();
  });

  it('from elsewhere are refused as a run refuses them', async () => {
    const { run } = await mortal(CONFIG);
    while (run.step < 17) await run.advance(0);
    const from = await run.checkpoint();
    run.delete();
    await expect(mortal({ ...CONFIG, hiddenSize: 13 }, { from })).rejects.toMatchObject({ code: 'INVALID_CONFIG' });
  });
});
