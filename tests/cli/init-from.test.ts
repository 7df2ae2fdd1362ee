import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { engine } from '../engine/engine.js';
import { jsonLines, temporaryFile, unroll } from './cli.js';
import { resultOf, SmallTraining } from './training.js';
import type { Changes } from './training.js';

const SAME_LETTERS = 'Merrily down a stream, your dream is but a boat.\n'.repeat(40);
const NEW_LETTERS = 'Über Flüße, zum Fjord!\n'.repeat(80);

/** A training on another text that starts from a model of the first. */
async function other(text: string, changes: Changes = {}): Promise<{ first: SmallTraining; second: SmallTraining }> {
  const first = new SmallTraining();
  await first.run({ steps: 60, out: first.out, ...changes });
  const second = new SmallTraining();
  writeFileSync(second.text, text);
  return { first, second };
}

/** `unroll train` with only the flags that a start from a model needs. */
function start(second: SmallTraining, model: string, ...more: readonly string[]) {
  const args = ['train', '--text', second.text, '--init-from', model, '--json', '--batch', '5', '--seq', '8'];
  return unroll(...args, '--eval-every', '10', ...(more.includes('--steps=60') ? [] : ['--steps', '40']), ...more);
}

const vocabularyOf = (path: string): string => engine.describeModel(readFileSync(path)).vocabulary;

describe('--init-from', () => {
  it.each([[{}], [{ cell: 'gru', embedding: 4 }], [{ cell: 'rnn', workers: 2 }]])(
    'trains a model on another text, with its own cell, sizes and characters: %j',
    async (changes) => {
      const { first, second } = await other(SAME_LETTERS, changes);
      const outcome = await start(second, first.out, '--out', second.out);
      expect(outcome).toMatchObject({ code: 0, stderr: '' });
      const before = jsonLines(
        await unroll('evaluate', '--model', first.out, '--text', second.text, '--split', '0.9,0.05,0.05', '--json'),
      );
      const [begun, ...rest] = jsonLines(outcome);
      expect(begun!['val_loss']).toBe(before[0]!['val_loss']);
      expect(rest.at(-1)!['val_loss']).toBeLessThan(begun!['val_loss'] as number);
      expect(vocabularyOf(second.out)).toBe(vocabularyOf(first.out));
      // No link can say from which model it started.
      expect(resultOf(outcome)['link']).toBeUndefined();
    },
  );

  it('takes several workers, who all start there', async () => {
    const { first, second } = await other(SAME_LETTERS);
    const two = resultOf(await start(second, first.out, '--workers', '2'));
    expect(two['fingerprint']).toBe(resultOf(await start(second, first.out, '--workers', '2'))['fingerprint']);
    expect(two['fingerprint']).not.toBe(resultOf(await start(second, first.out))['fingerprint']);
  });

  it('names the characters that the model does not know', async () => {
    const { first, second } = await other(NEW_LETTERS);
    const outcome = await start(second, first.out);
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toMatch(
      /^unroll train: U\+00DC 'Ü' at position 0, .* are not in the vocabulary \(\d+ characters\); leave them out, or add --grow-vocabulary\n$/,
    );
  });

  it('learns them with --grow-vocabulary, drawn from the seed', async () => {
    const { first, second } = await other(NEW_LETTERS);
    const grow = (seed: string) => start(second, first.out, '--grow-vocabulary', '--seed', seed, '--out', second.out);
    const outcome = await grow('1');
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(vocabularyOf(second.out)).toBe(`${vocabularyOf(first.out)}!FjzÜßü`);
    const again = resultOf(await grow('1'));
    expect(again['fingerprint']).toBe(resultOf(outcome)['fingerprint']);
    expect(resultOf(await grow('2'))['fingerprint']).not.toBe(again['fingerprint']);
    const generated = await unroll('generate', '--model', second.out, '--prompt', 'Ü', '--length', '20');
    expect(generated).toMatchObject({ code: 0, stderr: '' });
  });

  it.each([['1'], ['2']])(
    'can be interrupted and goes on to the same bits, without the first model: %s workers',
    async (workers) => {
      const { first, second } = await other(NEW_LETTERS);
      const args = ['--grow-vocabulary', '--workers', workers];
      const whole = resultOf(await start(second, first.out, ...args, '--steps=60'));
      await start(second, first.out, ...args, '--out', second.out);
      const { text, out } = second;
      rmSync(first.out);
      const resumed = await unroll('train', '--text', text, '--resume', out, '--json', '--steps', '60');
      expect(resumed).toMatchObject({ code: 0, stderr: '' });
      expect(resultOf(resumed)).toMatchObject({ step: 60, fingerprint: whole['fingerprint'] });
      expect(resultOf(resumed)['link']).toBeUndefined();
      writeFileSync(text, SAME_LETTERS.replaceAll('boat', '#+*'));
      const foreign = await unroll('train', '--text', text, '--resume', out, '--json', '--steps', '70');
      expect(foreign.stderr).toMatch(/^unroll train: --resume .*: its training is of another text/);
    },
  );

  it.each([
    [['--hidden', '10'], '--hidden is 10, but --init-from'],
    [['--cell', 'gru'], '--cell is gru, but --init-from'],
    [['--layers', '1'], '--layers is 1, but --init-from'],
    [['--embedding', '3'], '--embedding is 3, but --init-from'],
  ])('refuses another network by name: %j', async (flags, message) => {
    const { first, second } = await other(SAME_LETTERS);
    const outcome = await start(second, first.out, ...flags);
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toContain(message);
  });

  it('says what is wrong with its file, or its flags', async () => {
    const second = new SmallTraining();
    expect((await start(second, temporaryFile('x.safetensors', 'no model'))).stderr).toMatch(
      /^unroll train: --init-from .*x\.safetensors: .*safetensors/,
    );
    expect((await start(second, 'missing.safetensors')).stderr).toContain(
      '--init-from missing.safetensors cannot be read',
    );
    const outcome = await second.run({ steps: 1 });
    expect(outcome.code).toBe(0);
    expect((await unroll(...second.args({ steps: 1 }), '--grow-vocabulary')).stderr).toContain(
      '--grow-vocabulary is for the model of --init-from',
    );
  });
});
