import { join } from 'node:path';
import { expect, test } from 'vitest';
import { jsonLines, temporaryFile, temporaryFolder, unroll } from './cli.js';

const TRAIN = ['train', '--task', 'classify', '--data', 'names', '--json'];
const SMALL = [...TRAIN, '--hidden', '9', '--eval-every', '20'];

test('learns from which list a name is, saves it, and says it of others', async () => {
  const out = join(temporaryFolder(), 'names.safetensors');
  const trained = await unroll(...TRAIN, '--cell', 'gru', '--hidden', '32', '--steps', '600', '--out', out);
  expect(trained).toMatchObject({
    code: 0,
    stderr: 'unroll train: 419 names are both female and male, and left out\n',
  });
  const lines = jsonLines(trained);
  const accuracies = lines.map((line) => line['val_accuracy'] as number);
  expect(Math.max(...accuracies)).toBeGreaterThanOrEqual(0.8);
  expect(accuracies[0]).toBeLessThan(0.7);
  expect(lines.at(-1)!['test_accuracy']).toBeGreaterThanOrEqual(0.8);
  expect(lines.at(-1)).toMatchObject({ step: 600, parameters: 8418 });

  const asked = await unroll('classify', '--model', out, 'Ada', 'Otto');
  expect(asked.stdout).toMatch(/^Ada +female 0\.\d{3} {2}male 0\.\d{3}\nOtto +male 0\.\d{3} {2}female 0\.\d{3}\n$/);
  const [ada, otto] = jsonLines(await unroll('classify', '--model', out, 'Ada', 'Otto', '--json'));
  expect([ada!['class'], otto!['class']]).toEqual(['female', 'male']);
  const { female, male } = ada!['probabilities'] as Record<string, number>;
  expect(female! + male!).toBeCloseTo(1, 6);

  const foreign = await unroll('classify', '--model', out, 'Ada!');
  expect(foreign).toMatchObject({ code: 1, stdout: '' });
  expect(foreign.stderr).toContain('"!" is not in the vocabulary');
  expect((await unroll('generate', '--model', out)).stderr).toContain('it holds a "TextClassifier"');
});

test.each([[[]], [['--workers', '2']], [['--bidirectional', '--layers', '2', '--dropout', '0.2']]])(
  'its link trains the same bits, and it goes on to them: %j',
  async (more) => {
    const out = join(temporaryFolder(), 'names.safetensors');
    const whole = jsonLines(await unroll(...SMALL, ...more, '--steps', '60')).at(-1)!;
    const half = await unroll(...SMALL, ...more, '--steps', '35', '--out', out);
    expect(half.code).toBe(0);
    const resumed = await unroll('train', '--resume', out, '--steps', '60', '--json');
    expect(jsonLines(resumed).at(-1)!['fingerprint']).toBe(whole['fingerprint']);
    const again = await unroll('run', whole['link'] as string, '--json');
    expect(jsonLines(again).at(-1)).toMatchObject({ fingerprint: whole['fingerprint'], claim: 'matches' });
  },
);

test('a table shows how many are right, and what it makes of some names', async () => {
  const { stdout } = await unroll(...SMALL.filter((word) => word !== '--json'), '--steps', '20');
  expect(stdout).toContain('names, 7,202 to train on, 53 different characters');
  expect(stdout).toMatch(/step +train +val +right +names\/s/);
  expect(stdout).toMatch(/│ Ada: (fe)?male \d+ %, Otto: (fe)?male \d+ %/);
  expect(stdout).toMatch(/test loss 0\.\d{3} nats, \d+\.\d % right/);
});

test.each([
  [['train', '--task', 'clasify', '--data', 'names'], '--task is "clasify", expected one of language, classify'],
  [['train', '--task', 'classify'], '--data NAME is missing'],
  [['train', '--task', 'classify', '--data', 'cities'], '--data is "cities", expected one of names'],
  [[...TRAIN, '--seq', '5'], '--seq is nothing that --task classify has'],
  [['train', '--text', 'names', '--bidirectional'], '--bidirectional is nothing that --task language has'],
  [[...TRAIN, '--init-from', 'x.safetensors'], '--init-from starts from a language model'],
  [['classify', 'Ada'], '--model FILE is missing'],
  [['classify', '--model', 'x.safetensors'], 'a text, as in unroll classify'],
])('%j is refused', async (args, says) => {
  const { code, stderr } = await unroll(...args);
  expect(code).toBe(2);
  expect(stderr).toContain(says);
});

test('a file that holds no classifier is refused', async () => {
  const { code, stderr } = await unroll('classify', '--model', temporaryFile('m.safetensors', 'none'), 'Ada');
  expect(code).toBe(1);
  expect(stderr).toMatch(/^unroll classify: --model .*m\.safetensors: /);
});
