import { expect, test } from 'vitest';
import { jsonLines, unroll } from './cli.js';

const RUN =
  'train --text names --cell rnn-relu --hidden 16 --batch 4 --seq 8 --steps 100 --eval-every 50 --clip 1'.split(' ');

test('a loss far above blind guessing is said once, beside the results, and training goes on', async () => {
  const outcome = await unroll(...RUN, '--lr', '1', '--json');
  expect(outcome.code).toBe(0);
  expect(outcome.stderr.match(/far above the \d\.\d{3} of guessing blindly/g)).toHaveLength(1);
  expect(outcome.stderr).toMatch(/at step \d+ the loss was [\d.]+, far above .* lower --lr/);
  expect(jsonLines(outcome).at(-1)).toMatchObject({ step: 100 });
});

test('a run that learns has nothing to say of it', async () => {
  const { stderr } = await unroll(...RUN, '--lr', '0.01', '--json');
  expect(stderr).not.toContain('guessing blindly');
});
