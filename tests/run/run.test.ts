import { beforeAll, describe, expect, it } from 'vitest';
import { createEngine } from '../../web/engine/index.js';
import { prepareText, splitText } from '../../web/engine/internal.js';
import type { Engine } from '../../web/engine/index.js';
import { completeConfig, DEFAULTS } from '../../web/links/index.js';
import type { LanguageConfig } from '../../web/links/index.js';
import { Run } from '../../web/run/index.js';
import type { RunEvent, RunOptions, RunResult } from '../../web/run/index.js';

const TEXT = Array.from({ length: 400 }, (_, i) => `line ${i} of ${(i * 7919) % 1009}\n`).join('');

const SMALL: LanguageConfig = {
  ...DEFAULTS,
  text: { own: TEXT },
  hiddenSize: 12,
  batchSize: 4,
  seqLen: 8,
  learningRate: 0.02,
  steps: 60,
  evalEvery: 25,
  sampleEvery: 30,
  sampleLength: 20,
};

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});

type Slice = (step: number) => readonly [maxMs: number, maxSteps?: number];

async function finish(run: Run, slice: Slice = () => [1000]): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  while (run.activity !== 'done') events.push(...(await run.advance(...slice(run.step))));
  return events;
}

async function story(config: LanguageConfig, options?: RunOptions, slice?: Slice): Promise<RunEvent[]> {
  const run = new Run(engine, config, TEXT, options);
  const events = await finish(run, slice);
  run.delete();
  return events;
}

/** Everything but how the steps were sliced, which depends on the clock. */
function essence(events: readonly RunEvent[]): unknown {
  const losses = events.flatMap((event) => (event.type === 'steps' ? [...event.losses] : []));
  return { losses, rest: events.filter((event) => event.type !== 'steps') };
}

function resultOf(events: readonly RunEvent[]): RunResult {
  const last = events.at(-1)!;
  if (last.type !== 'done') throw new Error(`a run ended with ${last.type}`);
  return last.result;
}

describe('a run', () => {
  it('tells its story in order', async () => {
    const events = (await story(SMALL, { marks: [40] })).filter((event) => event.type !== 'steps');
    expect(events.map((event) => [event.step, event.type === 'evaluation' ? event.part : event.type])).toEqual([
      [0, 'validation'],
      [0, 'sample'],
      [25, 'validation'],
      [30, 'sample'],
      [40, 'fingerprint'],
      [50, 'validation'],
      [60, 'validation'],
      [60, 'sample'],
      [60, 'test'],
      [60, 'done'],
    ]);
  });

  it('learns, and sums up what it reported', async () => {
    const events = await story(SMALL);
    const losses = events.flatMap((event) => (event.type === 'steps' ? [...event.losses] : []));
    expect(losses).toHaveLength(60);
    const result = resultOf(events);
    expect(result.trainLoss).toBeCloseTo(losses.slice(-50).reduce((sum, loss) => sum + loss) / 50, 12);
    const evaluations = events.filter((event) => event.type === 'evaluation');
    expect(result.valLoss).toBe(evaluations.filter((event) => event.part === 'validation').at(-1)!.lossNats);
    expect(result.testLoss).toBe(evaluations.at(-1)!.lossNats);
    expect(result.valLoss).toBeLessThan(evaluations[0]!.lossNats - 0.3);
    expect(result.fingerprint).toMatch(/^[0-9a-f]{16}$/);
    expect(result).toMatchObject({ step: 60, generation: engine.buildInfo().generation });
  });

  it('can take its first step before the untrained weights are evaluated, and says the same of them', async () => {
    const run = new Run(engine, SMALL, TEXT);
    const first = await run.takeFirstStep();
    expect(first.map((event) => [event.step, event.type])).toEqual([
      [0, 'sample'],
      [1, 'steps'],
    ]);
    expect(run.activity).toBe('evaluating');
    await expect(run.takeFirstStep()).rejects.toThrow('1 steps are done already');
    const events = [...first, ...(await finish(run, () => [0]))];
    run.delete();
    const [evaluation, ...others] = events.filter((event) => event.type === 'evaluation');
    const usual = essence(await story(SMALL)) as { losses: number[]; rest: RunEvent[] };
    expect(evaluation).toEqual(usual.rest[0]);
    expect(others.map(({ step }) => step)).toEqual([25, 50, 60, 60]);
    // Only the order differs.
    const byKind = (all: readonly RunEvent[]) =>
      all.toSorted((a, b) => a.step - b.step || a.type.localeCompare(b.type));
    const { losses, rest } = essence(events) as typeof usual;
    expect(losses).toEqual(usual.losses);
    expect(byKind(rest)).toEqual(byKind(usual.rest));
  });

  it('can take its first step in the middle of that evaluation, and be rewound after', async () => {
    const run = new Run(engine, SMALL, TEXT);
    await run.advance(0);
    await run.takeFirstStep();
    await run.rewind();
    const events = await finish(run, () => [1000]);
    run.delete();
    expect(essence(events)).toEqual(essence(await story(SMALL)));
  });

  it.each<[string, Slice]>([
    ['as short as possible', () => [0]],
    ['of one step', () => [1000, 1]],
    ['of three milliseconds', () => [3]],
    ['of changing length', (step) => [step % 3, (step % 5) + 1]],
  ])('does not depend on its slices: slices %s', async (_, slice) => {
    expect(essence(await story(SMALL, {}, slice))).toEqual(essence(await story(SMALL)));
  });

  it('trains the same whether it samples and evaluates or not', async () => {
    const busy = resultOf(await story({ ...SMALL, evalEvery: 1, sampleEvery: 1 }));
    const quiet = resultOf(await story({ ...SMALL, evalEvery: 0 }, { samples: false, marks: [1, 59] }));
    expect(quiet).toEqual(busy);
  });

  it('is the same again after a rewind, in the middle or at the end', async () => {
    const whole = essence(await story(SMALL));
    const run = new Run(engine, SMALL, TEXT);
    while (run.step < 33) await run.advance(0);
    await run.rewind();
    expect(run.step).toBe(0);
    expect(run.trainLoss).toBeNull();
    expect(essence(await finish(run))).toEqual(whole);
    await run.rewind();
    await run.advance(0);
    await run.rewind();
    expect(essence(await finish(run))).toEqual(whole);
    expect(await run.advance(10)).toEqual([]);
    run.delete();
  });

  it.each<Partial<LanguageConfig>>([
    { seed: 2 },
    { cell: 'gru' },
    { cell: 'rnn' },
    { cell: 'rnn-relu' },
    { hiddenSize: 13 },
    { numLayers: 2 },
    { embeddingDim: 5 },
    { numLayers: 2, dropout: 0.5 },
    { forgetBias: 1 },
    { batchSize: 5 },
    { seqLen: 9 },
    { steps: 61 },
    { learningRate: 0.003 },
    { optimizer: 'sgd' },
    { clipNorm: 0.01 },
    { split: [0.8, 0.1, 0.1] },
  ])('becomes another one with %j', async (difference) => {
    const other = resultOf(await story(completeConfig({ ...SMALL, ...difference }) as LanguageConfig));
    expect(other.fingerprint).not.toBe(resultOf(await story(SMALL)).fingerprint);
  });

  it('knows the fingerprint of a step in the middle as the one of a run that ends there', async () => {
    const middle = (await story(SMALL, { marks: [41] })).find((event) => event.type === 'fingerprint');
    expect(middle).toEqual({
      type: 'fingerprint',
      step: 41,
      fingerprint: resultOf(await story({ ...SMALL, steps: 41 })).fingerprint,
    });
  });

  it('samples the same with the same seed, and from the prompt', async () => {
    const samples = async (config: LanguageConfig) =>
      (await story(config)).filter((event) => event.type === 'sample').map((event) => event.text);
    const texts = await samples({ ...SMALL, prompt: 'line 7' });
    expect(texts.every((text) => text.length === 20)).toBe(true);
    expect(await samples({ ...SMALL, prompt: 'line 7' })).toEqual(texts);
    expect(await samples({ ...SMALL, prompt: 'line 7', sampleSeed: 2 })).not.toEqual(texts);
    expect(await samples({ ...SMALL, prompt: 'line 7', greedy: true })).not.toEqual(texts);
    expect(await samples({ ...SMALL, prompt: '' })).toEqual(await samples({ ...SMALL, prompt: '\n' }));
  });

  it('reports no loss for a part that is empty', async () => {
    expect(resultOf(await story({ ...SMALL, split: [1, 0, 0] }))).toMatchObject({ valLoss: null, testLoss: null });
  });

  it('evaluates its parts as the model by itself does', async () => {
    const run = new Run(engine, SMALL, TEXT);
    const { valLoss, testLoss } = resultOf(await finish(run));
    const model = run.model();
    const [, validation, test] = splitText(engine, TEXT, SMALL.split);
    expect(model.evaluateText(validation!).lossNats).toBe(valLoss);
    expect(model.evaluateText(test!).lossNats).toBe(testLoss);
    model.delete();
    run.delete();
  });

  it('knows its baselines, best first for whom knows more', async () => {
    const run = new Run(engine, SMALL, TEXT);
    const { uniform, unigram, bigram } = run.baselines();
    expect(uniform).toBeCloseTo(Math.log(run.info.vocabSize), 6);
    expect(uniform > unigram && unigram > bigram && bigram > 0).toBe(true);
    run.delete();
  });
});

describe('a run that cannot be', () => {
  it.each<[string, Partial<LanguageConfig>, string, string]>([
    ['a prompt of other characters', { prompt: 'line Ω' }, TEXT, 'NOT_IN_VOCABULARY'],
    ['a text of one character', {}, 'a', 'TEXT_TOO_SHORT'],
    ['a text that fills no step', { batchSize: 256, seqLen: 1024 }, TEXT, 'TEXT_TOO_SHORT'],
    ['an empty text', {}, '', 'TEXT_TOO_SHORT'],
  ])('is refused at once: %s', async (_, difference, text, code) => {
    const before = engine.liveObjects();
    expect(() => new Run(engine, { ...SMALL, ...difference }, text)).toThrow(expect.objectContaining({ code }));
    expect(engine.liveObjects()).toBe(before);
  });

  it('leaves nothing behind after its end', async () => {
    const before = engine.liveObjects();
    await story(SMALL, { marks: [3] });
    expect(engine.liveObjects()).toBe(before);
  });
});

describe('the split', () => {
  it('is cut where the engine cuts', async () => {
    const splits = [
      [0.9, 0.05, 0.05],
      [0.7, 0.1, 0.2],
      [0.8, 0.2, 0],
      [1 / 3, 1 / 3, 1 / 3],
      [0.6, 0.3, 0.1],
    ] as const;
    for (const split of splits) {
      for (let length = 700; length < 740; length++) {
        const text = `ü🐳${TEXT}`.slice(0, length);
        const run = new Run(engine, { ...SMALL, split, batchSize: 1, seqLen: 1, prompt: '' }, text);
        const sizes = splitText(engine, text, split).map(({ bytes }) => [...new TextDecoder().decode(bytes)].length);
        expect(sizes).toEqual([run.info.trainChars, run.info.validationChars, run.info.testChars]);
        run.delete();
      }
    }
  });

  it('counts characters, not UTF-16 units, and keeps them whole', async () => {
    const parts = splitText(engine, '🐳a🐳b🐳c🐳d', [0.25, 0.5, 0.25]);
    expect(parts.map(({ bytes }) => new TextDecoder().decode(bytes))).toEqual(['🐳a', '🐳b🐳c', '🐳d']);
  });

  it('is of the text as the engine reads it', async () => {
    expect(new TextDecoder().decode(prepareText('e\u0301\r\n'))).toBe('é\n');
  });
});
