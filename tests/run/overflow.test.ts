import { expect, it } from 'vitest';
import { DivergedError } from '../../web/engine/index.js';
import { DEFAULTS } from '../../web/links/index.js';
import { LastingRun, Run } from '../../web/run/index.js';
import { engine, SENTENCES } from '../engine/engine.js';

/** Makes its weights too large to compute with; returns what makes them what they were. */
function overflow(run: Run): () => void {
  using model = run.model();
  const before = model.stateDict();
  const weights = model.stateDict();
  for (const name of ['head.weight', 'head.bias']) weights.get(name)!.data.fill(3e38);
  model.loadStateDict(weights);
  return () => {
    using model = run.model();
    model.loadStateDict(before);
  };
}

/** Whatever is due is due again after going back; what nothing can be computed with is not asked for ever. */
it.each(['validation', 'sample'])(
  'weights that are too large for a %s are said, and the run goes back',
  async (due) => {
    const config = {
      ...DEFAULTS,
      text: { own: SENTENCES },
      hiddenSize: 8,
      batchSize: 4,
      seqLen: 8,
      steps: 40,
      evalEvery: due === 'validation' ? 10 : 40,
      sampleEvery: due === 'sample' ? 10 : 0,
    };
    using run = new Run(engine, config, SENTENCES);
    while (run.step < 10) await run.advance(0);
    expect(run.activity).not.toBe('training');
    overflow(run);
    await expect(run.advance(0)).rejects.toMatchObject({
      code: 'NOT_FINITE',
      message: expect.stringMatching(/^LanguageModel: a logit is /) as string,
    });
    expect(run.activity).toBe('training');
    await expect(run.advance(0)).rejects.toThrow(DivergedError);
    expect(run.step).toBe(0);
    const events = [];
    while (run.activity !== 'done') events.push(...(await run.advance(0)));
    expect(events.at(-1)).toMatchObject({ type: 'done', step: 40 });
  },
);

it('a first step that diverges before its turn leaves no evaluation of weights that are gone', async () => {
  const config = {
    ...DEFAULTS,
    text: { own: SENTENCES },
    hiddenSize: 8,
    batchSize: 4,
    seqLen: 8,
    steps: 5,
    sampleEvery: 0,
  };
  using run = new Run(engine, config, SENTENCES);
  const recover = overflow(run);
  await expect(run.takeFirstStep()).rejects.toThrow(DivergedError);
  expect(run.activity).toBe('training');
  recover();
  await run.advance(0);
  expect(await run.checkpoint()).toMatchObject({ step: 1 });
  const events = [];
  while (run.activity !== 'done') events.push(...(await run.advance(0)));
  const evaluated = events.filter(({ type }) => type === 'evaluation').map(({ step }) => step);
  expect(evaluated).toEqual([5, 5]);
});

it('a lasting run tells of such a step, and goes on', async () => {
  const config = {
    ...DEFAULTS,
    text: { own: SENTENCES },
    hiddenSize: 8,
    batchSize: 4,
    seqLen: 8,
    steps: 5,
    sampleEvery: 0,
  };
  const make = () => Promise.resolve(new Run(engine, config, SENTENCES));
  using run = await LastingRun.start({ make, now: () => 0 });
  const recover = await run.ask(overflow);
  await expect(run.takeFirstStep()).rejects.toThrow(DivergedError);
  expect(run.activity).toBe('training');
  recover();
  while (run.activity !== 'done') await run.advance(0);
  expect(run.step).toBe(5);
});
