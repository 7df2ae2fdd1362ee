import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { jsonLines, temporaryFile, unroll } from './cli.js';
import type { Outcome } from './cli.js';
import { endAfter, flags, metadataOf, resultOf, SmallTraining, SONG, stepOf } from './training.js';
import type { Changes } from './training.js';

/** All lines, but for speeds. */
const linesOf = (outcome: Outcome): unknown[] => jsonLines(outcome).map((line) => ({ ...line, chars_per_s: null }));

const stepIn = (state: string): number => Number(metadataOf(state)['step']);

describe('a training that was killed', () => {
  it.each<[string, Changes]>([
    ['one worker', {}],
    ['two workers', { workers: 2 }],
    ['an embedding and SGD', { cell: 'gru', embedding: 4, optimizer: 'sgd', lr: 0.1 }],
  ])('goes on from its last save to the same bits: %s', async (_, changes) => {
    const training = new SmallTraining();
    const killed = await endAfter(4, training.endless({ ...changes, 'save-every': 1e-6 }), 'SIGKILL');
    expect(killed.code).toBe(null);
    const step = stepIn(training.state);
    expect(step).toBeGreaterThanOrEqual(20);
    expect(Math.abs(stepOf(training.out) - step)).toBeLessThan(1000);

    const steps = step + 25;
    const resumed = await training.resume({ steps });
    expect(resumed).toMatchObject({ code: 0, stderr: '' });
    const whole = await training.run({ ...changes, steps });
    expect(resultOf(resumed)['fingerprint']).toBe(resultOf(whole)['fingerprint']);
    expect(linesOf(resumed)).toEqual(linesOf(whole).slice(-linesOf(resumed).length));
    // It is kept where it was.
    expect(stepOf(training.out)).toBe(steps);
    expect(stepIn(training.state)).toBe(steps);
  });

  it('was not saved on the way when that is switched off', async () => {
    const training = new SmallTraining();
    await endAfter(3, training.endless({ 'save-every': 0 }), 'SIGKILL');
    expect(existsSync(training.state)).toBe(false);
  });
});

describe('a training that was ended in good order', () => {
  it('tells on, without a line that it has told', async () => {
    const training = new SmallTraining();
    const ended = await endAfter(3, training.endless(), 'SIGTERM');
    const steps = stepOf(training.out) + 25;
    const resumed = await training.resume({ steps });
    const whole = linesOf(await training.run({ steps }));
    expect([...linesOf(ended), ...linesOf(resumed)]).toEqual(whole);
  });

  it('goes on past its old end, as if that had been later from the start', async () => {
    const training = new SmallTraining();
    await training.run({ steps: 37, out: training.out });
    const resumed = await training.resume({ steps: 70 });
    const whole = await training.run({ steps: 70 });
    expect(linesOf(resumed)).toEqual(linesOf(whole).slice(-linesOf(resumed).length));
    // The link repeats it all.
    const { link, fingerprint } = resultOf(resumed);
    expect(resultOf(await unroll('run', String(link), '--json'))).toMatchObject({ fingerprint, claim: 'matches' });
  });

  it('tells its result again when nothing is left to do', async () => {
    const training = new SmallTraining();
    const first = resultOf(await training.run({ steps: 30, out: training.out }));
    const again = await training.resume();
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(linesOf(again)).toEqual([{ ...first, chars_per_s: null }]);
  });

  it('goes on from the state, without the model; and elsewhere, when that is wanted', async () => {
    const training = new SmallTraining();
    await training.run({ steps: 20, out: training.out });
    const whole = resultOf(await training.run({ steps: 40 }));
    const before = readFileSync(training.state);
    rmSync(training.out);
    const moved = training.path('moved.safetensors');
    copyFileSync(training.state, training.path('other.state.safetensors'));
    const resume = (name: string, ...more: string[]) =>
      unroll(
        'train',
        '--text',
        training.text,
        '--resume',
        training.path(name),
        '--json',
        ...flags({ steps: 40 }),
        ...more,
      );
    const elsewhere = await resume('model.state.safetensors', '--out', moved);
    expect(resultOf(elsewhere)['fingerprint']).toBe(whole['fingerprint']);
    expect(readFileSync(training.state)).toEqual(before);
    // A name that was changed leads to no model: it must be said where it shall go.
    expect((await resume('other.state.safetensors')).stderr).toContain('give --out');
    expect(resultOf(await resume('model.state.safetensors'))['fingerprint']).toBe(whole['fingerprint']);
    expect(stepOf(training.out)).toBe(40);
  });

  it('needs no --text when that is a bundled one', async () => {
    const training = new SmallTraining();
    const small = ['--hidden', '8', '--batch', '4', '--seq', '16', '--json'];
    await unroll('train', '--text', 'counting', ...small, '--steps', '10', '--out', training.out);
    const resumed = await unroll('train', '--resume', training.out, '--steps', '20', '--json');
    expect(resumed).toMatchObject({ code: 0, stderr: '' });
    const whole = await unroll('train', '--text', 'counting', ...small, '--steps', '20');
    expect(whole.stdout).toContain(String(resultOf(resumed)['fingerprint']));
  });

  it('may look and sample otherwise, and takes its own flags again', async () => {
    const training = new SmallTraining();
    const args = training.args({ steps: 20, out: training.out });
    await unroll(...args);
    const resumed = await unroll(...args, '--resume', training.out, '--workers', 'auto');
    expect(resumed).toMatchObject({ code: 0, stderr: '' });
    const other = await training.resume({
      steps: 40,
      'eval-every': 4,
      'sample-every': 7,
      prompt: 'boat',
      temperature: 0.5,
    });
    expect(jsonLines(other).map((line) => line['step'])).toEqual([24, 28, 32, 36, 40, 40]);
    expect(resultOf(other)['fingerprint']).toBe(resultOf(await training.run({ steps: 40 }))['fingerprint']);
  });

  it('says at which step it goes on', async () => {
    const training = new SmallTraining();
    await training.run({ steps: 20, out: training.out });
    const { stdout } = await unroll('train', '--text', training.text, '--resume', training.out, '--steps', '1500');
    expect(stdout).toContain('goes on at step 20 of 1,500\n');
  });
});

describe('unroll run', () => {
  it('goes on as well, and still checks a claim that it has passed', async () => {
    const training = new SmallTraining();
    const { link, fingerprint } = resultOf(await training.run({ steps: 60 }));
    const run = (...args: string[]) => unroll('run', String(link), '--json', '--out', training.out, ...args);
    expect(resultOf(await run())['claim']).toBe('matches');
    const again = await run('--resume', training.out);
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(resultOf(again)).toMatchObject({ fingerprint, claim: 'matches' });
    const other = await unroll('run', '#v=1&text=names&hidden=9', '--resume', training.out);
    expect(other.code).toBe(1);
    expect(other.stderr).toMatch(/^unroll run: --resume .*: its layers is 2; with 1 it would be another training/);
  });
});

describe('what cannot go on', () => {
  async function trained(changes: Changes = {}): Promise<SmallTraining> {
    const training = new SmallTraining();
    await training.run({ steps: 20, out: training.out, ...changes });
    return training;
  }

  it.each<[Changes, string]>([
    [{ hidden: 10 }, 'its hidden is 9; with 10 it would be another training'],
    [{ cell: 'gru' }, 'its cell is lstm; with gru'],
    [{ workers: 2 }, 'its workers is 1; with 2'],
    [{ dropout: 0 }, 'its dropout is 0.2; with 0'],
    [{ split: '0.8,0.1,0.1' }, 'its split is 0.9,0.05,0.05; with 0.8,0.1,0.1'],
    [{ seed: 2 }, 'its seed is 1; with 2'],
    [{ steps: 10 }, '--steps is 10, but'],
    [{ 'init-from': 'm.safetensors' }, 'leave --init-from out'],
  ])('is another training: %j', async (changes, message) => {
    const outcome = await (await trained()).resume(changes);
    expect(outcome.stderr).toContain(message);
    expect(outcome.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(outcome.code).toBeGreaterThan(0);
  });

  it.each([
    ['another one', SONG.replaceAll('boat', 'goat')],
    ['with other characters', 'pack my box with five dozen liquor jugs. '.repeat(50)],
    ['a longer one', `${SONG} `],
  ])('is of another text: %s', async (_, text) => {
    const training = await trained();
    const outcome = await unroll('train', '--text', temporaryFile('x.txt', text), '--resume', training.out);
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toMatch(
      /^unroll train: --resume .*: its training is of another text; give the same --text again/,
    );
  });

  it('has no text', async () => {
    const training = await trained();
    const { stderr, code } = await unroll('train', '--resume', training.out);
    expect(code).toBe(2);
    expect(stderr).toContain('--text FILE is missing: a state does not keep the text that it is of');
  });

  it.each<[string, (training: SmallTraining) => void, RegExp]>([
    [
      'missing',
      ({ out, state }) => [out, state].forEach((path) => rmSync(path)),
      /cannot be read: there is no such file/,
    ],
    [
      'a model without its state',
      ({ state }) => rmSync(state),
      /it is not a saved run.*there is no .*model\.state\.safetensors beside it/,
    ],
    ['cut off', ({ state }) => writeFileSync(state, readFileSync(state).subarray(0, -100)), /safetensors/],
    ['empty', ({ state }) => writeFileSync(state, ''), /safetensors/],
    ['a text', ({ state }) => writeFileSync(state, 'no state'), /safetensors/],
    [
      'damaged within',
      ({ state }) => spoil(state, 'unroll-trainer', 'unroll-trumpet'),
      /is not a saved training state/,
    ],
    ['of another version', ({ state }) => spoil(state, '"version":"1"', '"version":"2"'), /written by a newer Unroll/],
    [
      'with another note',
      ({ state }) => spoil(state, '\\"stale\\":0', '\\"stale\\":-'),
      /its note cannot be read; the file is damaged/,
    ],
    [
      'with a run that is none',
      ({ state }) => spoil(state, '\\"hiddenSize\\":9', '\\"hiddenSize\\":0'),
      /its run cannot be read \(hidden is 0/,
    ],
    [
      'with another number',
      ({ state }) => spoil(state, '\\"hiddenSize\\":9', '\\"hiddenSize\\":8'),
      /hidden|another text/,
    ],
  ])('is %s', async (_, change, message) => {
    const training = await trained();
    change(training);
    const outcome = await training.resume();
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toMatch(/^unroll train: --resume .*\n$/);
    expect(outcome.stderr).toMatch(message);
    expect(outcome.stderr).not.toContain('an error of our own');
  });
});

/** Other bytes of the same length in their place. */
function spoil(path: string, old: string, other: string): void {
  const bytes = readFileSync(path);
  const at = bytes.indexOf(old);
  expect(at).toBeGreaterThan(0);
  bytes.write(other, at);
  writeFileSync(path, bytes);
}
