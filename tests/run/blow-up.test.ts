import { beforeAll, describe, expect, it, test } from 'vitest';
import { createEngine } from '../../web/engine/index.js';
import type { Engine } from '../../web/engine/index.js';
import { DEFAULTS } from '../../web/links/index.js';
import type { LanguageConfig } from '../../web/links/index.js';
import { BlowUpWatch } from '../../web/run/blow-up.js';
import type { BlowUp } from '../../web/run/blow-up.js';
import { Run } from '../../web/run/index.js';

const VOCAB = 20;
const BLIND = Math.log(VOCAB);
const times = (count: number, loss: number): number[] => Array<number>(count).fill(loss);

const meanOf = (losses: readonly number[]): number => losses.reduce((sum, loss) => sum + loss, 0) / losses.length;

/** What is told of these losses, handed over so many at a time. */
function told(losses: readonly number[], slice = losses.length, vocabSize = VOCAB): BlowUp[] {
  const watch = new BlowUpWatch(Math.log(vocabSize));
  const means = losses.map((_, i) => meanOf(losses.slice(Math.max(0, i - 49), i + 1)));
  const found: BlowUp[] = [];
  for (let at = 0; at < losses.length; at += slice) {
    const part = (of: readonly number[]) => Float64Array.from(of.slice(at, at + slice));
    found.push(...watch.afterSteps(at, part(losses), part(means)));
  }
  return found;
}

describe('what is far above blind guessing', () => {
  test.each([
    ['an untrained network', times(200, 1.1 * BLIND)],
    ['one that has unlearned everything', times(200, 2.9 * BLIND)],
    ['a bad step', [...times(60, 1), 9.9 * BLIND, ...times(60, 1)]],
    ['a bad start', [...times(30, 4 * BLIND), ...times(100, 1)]],
  ])('%s is not', (_, losses) => {
    expect(told(losses)).toEqual([]);
  });

  test.each([
    ['a single step at ten times', [...times(30, 1), 10.1 * BLIND], 31],
    ['fifty steps at three times', times(80, 3.1 * BLIND), 50],
    ['a slow climb', Array.from({ length: 400 }, (_, i) => (i * BLIND) / 50), 176],
  ])('%s is, at the step where it is seen', (_, losses, step) => {
    expect(told(losses)).toMatchObject([{ type: 'blow-up', step, blindNats: BLIND }]);
  });

  test('it is told once, however bad it gets', () => {
    expect(told([...times(100, 50 * BLIND), ...times(100, 1), ...times(100, 1e30)])).toHaveLength(1);
  });

  test('it is told at the same step in slices of any length', () => {
    const losses = Array.from({ length: 300 }, (_, i) => 1 + (i * i) / 2000);
    const whole = told(losses);
    expect(whole).toHaveLength(1);
    for (const slice of [1, 7, 49, 50, 51, 299]) expect(told(losses, slice)).toEqual(whole);
  });

  test('a text of a single character has nothing to guess at', () => {
    expect(told(times(100, 1e-6), 10, 1)).toEqual([]);
  });

  test('an evaluation counts by itself, but not that of the untrained weights; a rewound run may blow up again', () => {
    const watch = new BlowUpWatch(Math.log(VOCAB));
    const bad = 3.1 * BLIND;
    expect(watch.afterEvaluation({ step: 0, lossNats: bad })).toEqual([]);
    expect(watch.afterEvaluation({ step: 10, lossNats: 2.9 * BLIND })).toEqual([]);
    expect(watch.afterEvaluation({ step: 20, lossNats: bad })).toMatchObject([{ step: 20, lossNats: bad }]);
    expect(watch.afterEvaluation({ step: 30, lossNats: bad })).toEqual([]);
    watch.clear();
    expect(watch.afterEvaluation({ step: 20, lossNats: bad })).toHaveLength(1);
  });
});

describe('a run', () => {
  const TEXT = Array.from({ length: 400 }, (_, i) => `line ${i} of ${(i * 7919) % 1009}\n`).join('');
  const UNSTABLE: LanguageConfig = {
    ...DEFAULTS,
    text: { own: TEXT },
    cell: 'rnn-relu',
    hiddenSize: 12,
    batchSize: 4,
    seqLen: 8,
    optimizer: 'adam',
    learningRate: 3,
    clipNorm: 1,
    steps: 120,
    evalEvery: 25,
    sampleEvery: 0,
  };

  let engine: Engine;
  beforeAll(async () => {
    engine = await createEngine();
  });

  /** Of each blow-up and each step, in order. */
  async function story(config: LanguageConfig, maxSteps: number): Promise<{ blowUps: BlowUp[]; losses: number[] }> {
    const run = new Run(engine, config, TEXT);
    const [blowUps, losses]: [BlowUp[], number[]] = [[], []];
    while (run.activity !== 'done') {
      for (const event of await run.advance(1000, maxSteps)) {
        if (event.type === 'blow-up') blowUps.push(event);
        if (event.type === 'steps') losses.push(...event.losses);
      }
    }
    run.delete();
    return { blowUps, losses };
  }

  it('tells of a blow-up once, at the same step however it is sliced', async () => {
    const { blowUps, losses } = await story(UNSTABLE, 1000);
    expect(Math.max(...losses)).toBeGreaterThan(100);
    expect(blowUps).toHaveLength(1);
    expect((await story(UNSTABLE, 3)).blowUps).toEqual(blowUps);
  });

  it('that goes on elsewhere does not tell of it again', async () => {
    using run = new Run(engine, UNSTABLE, TEXT);
    let blowUps = 0;
    while (blowUps === 0) for (const { type } of await run.advance(0)) if (type === 'blow-up') ++blowUps;
    using other = new Run(engine, UNSTABLE, TEXT);
    await other.restore((await run.checkpoint())!);
    const told = [];
    while (other.activity !== 'done') told.push(...(await other.advance(1000)).map(({ type }) => type));
    expect(told).toContain('done');
    expect(told).not.toContain('blow-up');
  });

  it('tells again after a rewind', async () => {
    const run = new Run(engine, UNSTABLE, TEXT);
    const count = async () => {
      let blowUps = 0;
      while (run.activity !== 'done') for (const { type } of await run.advance(1000)) if (type === 'blow-up') ++blowUps;
      return blowUps;
    };
    expect(await count()).toBe(1);
    await run.rewind();
    expect(await count()).toBe(1);
    run.delete();
  });

  it('that learns has nothing to tell', async () => {
    expect((await story({ ...UNSTABLE, cell: 'lstm', learningRate: 0.01 }, 1000)).blowUps).toEqual([]);
  });
});
