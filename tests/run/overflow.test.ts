import { expect, it } from 'vitest';
import { DivergedError } from '../../web/engine/index.js';
import { DEFAULTS } from '../../web/links/index.js';
import { Run } from '../../web/run/index.js';
import { engine, refused, SENTENCES } from '../engine/engine.js';

/** Whatever is due is due again after going back; what nothing can be computed with is not asked for ever. */
it.each(['validation', 'sample'])('weights that are too large for a %s are said, and the run goes back', (due) => {
  const config = {
    ...DEFAULTS,
    text: { own: SENTENCES },
    hidden: 8,
    batch: 4,
    seq: 8,
    steps: 40,
    evalEvery: due === 'validation' ? 10 : 40,
    sampleEvery: due === 'sample' ? 10 : 0,
  };
  using run = new Run(engine, config, SENTENCES);
  while (run.step < 10) run.advance(0);
  expect(run.activity).not.toBe('training');
  using model = run.model();
  const weights = model.stateDict();
  weights.get('head.weight')!.data.fill(3e38);
  weights.get('head.bias')!.data.fill(3e38);
  model.loadStateDict(weights);
  expect(refused(() => run.advance(0))).toMatch(/^NOT_FINITE: LanguageModel: a logit is /);
  expect(run.activity).toBe('training');
  expect(() => run.advance(0)).toThrow(DivergedError);
  expect(run.step).toBe(0);
  const events = [];
  while (run.activity !== 'done') events.push(...run.advance(0));
  expect(events.at(-1)).toMatchObject({ type: 'done', step: 40 });
});
