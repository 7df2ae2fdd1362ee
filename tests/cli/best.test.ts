import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BestSoFar } from '../../web/cli/best-so-far.js';
import { bestPath, modelPath, statePath } from '../../web/cli/state-path.js';
import { jsonLines, unroll } from './cli.js';
import type { Outcome } from './cli.js';
import { metadataOf, resultOf, SmallTraining, stepOf } from './training.js';
import type { Changes } from './training.js';

/** It learns quickly and then the wrong thing: its validation loss falls, and rises soon. */
const OVERFITTING: Changes = { hidden: 40, lr: 0.03, dropout: 0, 'eval-every': 5 };

/** An end in the text that its beginning does not predict. */
function overfitting(): SmallTraining {
  const training = new SmallTraining();
  writeFileSync(training.text, 'Row, row, row your boat. '.repeat(60) + 'boat your Row, row row, '.repeat(8));
  return training;
}

interface Evaluated {
  readonly step: number;
  readonly val_loss: number;
}

/** All evaluations but the last line, which is the result. */
const evaluationsOf = (outcome: Outcome): Evaluated[] => jsonLines(outcome).slice(0, -1) as unknown as Evaluated[];

const lowestOf = (all: readonly Evaluated[]): Evaluated =>
  all.reduce((best, own) => (own.val_loss < best.val_loss ? own : best));

/** By the rule, by hand: the step after so many evaluations without a lower loss. */
function endByPatience(all: readonly Evaluated[], patience: number): number {
  let lowest = Infinity;
  let stale = 0;
  for (const { step, val_loss: loss } of all) {
    stale = loss < lowest ? 0 : stale + 1;
    lowest = Math.min(lowest, loss);
    if (stale === patience) return step;
  }
  throw new Error('the example has no end by patience');
}

describe('--best', () => {
  it('keeps the model with the lowest validation loss, and --out the last', async () => {
    const training = overfitting();
    const best = training.path('best.safetensors');
    const outcome = await training.run({ ...OVERFITTING, steps: 100, out: training.out, best });
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    const all = evaluationsOf(outcome);
    const lowest = lowestOf(all);
    expect(lowest.step).toBeGreaterThan(0);
    expect(lowest.step).toBeLessThan(100);
    expect(stepOf(best)).toBe(lowest.step);
    expect(stepOf(training.out)).toBe(100);
    const split = ['--split', '0.9,0.05,0.05', '--json'];
    const measured = await unroll('evaluate', '--model', best, '--text', training.text, ...split);
    expect(jsonLines(measured)[0]!['val_loss']).toBe(lowest.val_loss);
    // It is a model like any other, without a state beside it.
    expect(existsSync(statePath(best))).toBe(false);
  });

  it('is there without --out', async () => {
    const training = overfitting();
    const best = training.path('best.safetensors');
    expect(await training.run({ ...OVERFITTING, steps: 20, best })).toMatchObject({ code: 0, stderr: '' });
    expect(stepOf(best)).toBeGreaterThan(0);
  });

  it('is remembered by a training that goes on', async () => {
    const training = overfitting();
    const best = training.path('best.safetensors');
    const whole = lowestOf(evaluationsOf(await training.run({ ...OVERFITTING, steps: 100 })));
    // Interrupted behind the best: what comes later is no better.
    await training.run({ ...OVERFITTING, steps: whole.step + 5, out: training.out, best });
    const kept = readFileSync(best);
    await training.resume({ steps: 100 });
    expect(readFileSync(best)).toEqual(kept);
    // Interrupted before it: it goes where it was said to go at the start.
    await training.run({ ...OVERFITTING, steps: 5, out: training.out, best });
    expect(stepOf(best)).toBe(5);
    await training.resume({ steps: 100 });
    expect(stepOf(best)).toBe(whole.step);
  });
});

describe('--patience', () => {
  it('ends after so many evaluations in a row without a lower validation loss', async () => {
    const training = overfitting();
    const all = evaluationsOf(await training.run({ ...OVERFITTING, steps: 200 }));
    for (const patience of [1, 3]) {
      const end = endByPatience(all, patience);
      const outcome = await training.run({ ...OVERFITTING, steps: 200, patience, out: training.out });
      expect(outcome.code).toBe(0);
      expect(evaluationsOf(outcome).at(-1)!.step).toBe(end);
      const { step, test_loss: testLoss, link, fingerprint } = resultOf(outcome);
      expect(step).toBe(end);
      expect(testLoss).toBeGreaterThan(0);
      expect(stepOf(training.out)).toBe(end);
      expect(outcome.stderr).toMatch(
        new RegExp(`^unroll: ended at step ${end} of 200, as the last .* found no lower validation loss than \\d`),
      );
      // The link is of a run with this end.
      const repeated = await unroll('run', String(link), '--json');
      expect(resultOf(repeated)).toMatchObject({ step: end, fingerprint, claim: 'matches' });
    }
  });

  it('counts on where it was interrupted, and comes to the same end', async () => {
    const training = overfitting();
    const run = { ...OVERFITTING, steps: 200, patience: 3 };
    const whole = await training.run(run);
    const end = resultOf(whole);
    // One evaluation before the last: it has counted to two.
    await training.run({ ...run, steps: (end['step'] as number) - 5, out: training.out });
    const resumed = await training.resume({ steps: 200 });
    expect(resultOf(resumed)).toMatchObject({ step: end['step'], fingerprint: end['fingerprint'] });
    expect(evaluationsOf(resumed)).toHaveLength(1);
    // Again, there is nothing to do.
    expect(resultOf(await training.resume())).toMatchObject({ step: end['step'], fingerprint: end['fingerprint'] });
  });

  it('goes on with more of it, to the bits of a run that had it from the start', async () => {
    const training = overfitting();
    const run = { ...OVERFITTING, steps: 100, out: training.out };
    const ended = resultOf(await training.run({ ...run, patience: 1 }));
    expect(ended['step']).toBeLessThan(100);
    const whole = resultOf(await training.run({ ...OVERFITTING, steps: 100 }));
    expect(resultOf(await training.resume({ patience: 0 }))['fingerprint']).toBe(whole['fingerprint']);
  });
});

describe('what cannot be', () => {
  it.each<[Changes, string]>([
    [{ patience: 2, 'eval-every': 0 }, '--patience counts evaluations'],
    [{ patience: -1 }, '--patience is "-1", expected a whole number'],
    [{ 'save-every': 'often' }, '--save-every is "often", expected a number'],
    [{ patience: 2, split: '1,0,0' }, '--patience needs a validation part'],
    [{ best: '/dev/null' }, '--best /dev/null is no regular file'],
  ])('is refused: %j', async (changes, message) => {
    const outcome = await new SmallTraining().run({ steps: 10, ...changes });
    expect(outcome.code).toBeGreaterThan(0);
    expect(outcome.stderr).toContain(message);
    expect(outcome.stdout).toBe('');
  });

  it('is refused: two models in one file', async () => {
    const training = new SmallTraining();
    for (const best of [training.out, training.state]) {
      const outcome = await training.run({ steps: 10, out: training.out, best });
      expect(outcome).toMatchObject({ code: 2, stdout: '' });
      expect(outcome.stderr).toContain('is a file of --out; give it a name of its own');
    }
  });
});

describe('the best so far', () => {
  it('is lower than all before, and NaN is not', () => {
    const watch = new BestSoFar(3, null, 0);
    expect([3, 2, 2, NaN, 1.5, Infinity].map((loss, step) => watch.see(step, loss))).toEqual([
      ...[true, true, false, false, true, false],
    ]);
    expect(watch.facts()).toEqual({ best: { step: 4, lossNats: 1.5 }, stale: 1 });
    expect(watch.exhausted).toBe(false);
    watch.see(6, 2);
    watch.see(7, 2);
    expect(watch.exhausted).toBe(true);
    expect(new BestSoFar(0, null, 100).exhausted).toBe(false);
  });
});

describe('a name in a state from elsewhere', () => {
  it('leads to the model that belongs to the state, and nowhere else', () => {
    expect(modelPath('a/m.state.safetensors', 'm.safetensors')).toBe('a/m.safetensors');
    expect(modelPath('./m.state.safetensors', 'm')).toBe('m');
    for (const name of ['other.safetensors', '../m.safetensors', '/m.safetensors', '', '.', 'notes.txt']) {
      expect(modelPath('a/m.state.safetensors', name)).toBe(null);
    }
    expect(bestPath('a/m.state.safetensors', 'best.safetensors')).toBe('a/best.safetensors');
    for (const name of ['../best.safetensors', '/best.safetensors', 'best', '', 'x.state.safetensors', 'letter.txt']) {
      expect(bestPath('a/m.state.safetensors', name)).toBe(null);
    }
  });

  it('is kept with the state', async () => {
    const training = new SmallTraining();
    await training.run({ steps: 1, out: training.out, best: training.path('best.safetensors') });
    const note = JSON.parse(metadataOf(training.state)['note']!) as Record<string, unknown>;
    expect(note).toMatchObject({ model: 'model.safetensors', bestModel: 'best.safetensors', steps: 1 });
  });
});
