import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFile, temporaryFolder, unroll } from './cli.js';

const TINY = ['--hidden', '8', '--batch', '4', '--seq', '16', '--steps', '3'];
const LONG = 'abcdefgh \n'.repeat(400);

/** A refusal: its exit code, one sentence, nothing on standard output, and nothing written. */
async function refusal(...args: readonly string[]): Promise<{ code: number | null; stderr: string }> {
  const outcome = await unroll(...args);
  expect(outcome.stdout).toBe('');
  expect(outcome.stderr).toMatch(/^unroll(?: \w+)?: [^\n]+\n$/);
  expect(outcome.stderr).not.toMatch(/\bat .*:\d+:\d+|undefined|\[object/);
  return outcome;
}

describe('a command line that is wrong', () => {
  it.each([
    [['trian'], 'there is no command "trian"; did you mean "train"?'],
    [['--verbose'], 'there is no command "--verbose"'],
    [['train'], '--text FILE is missing'],
    [['train', '--text', 'names', '--hiden', '3'], '--hiden is not known; did you mean --hidden?'],
    [['train', '--text', 'names', 'song.txt'], '"song.txt" is not expected'],
    [['train', '--text'], '--text needs a value'],
    [['train', '--text', 'names', '--text', 'names'], '--text is there twice'],
    [['train', '--text', 'names', '--hidden', '0'], '--hidden is 0, expected a whole number from 1 to 1024'],
    [['train', '--text', 'names', '--hidden', '100000'], '--hidden is 100000, expected'],
    [['train', '--text', 'names', '--hidden', '2.5'], '--hidden is 2.5, expected'],
    [['train', '--text', 'names', '--hidden', ''], '--hidden is "", expected'],
    [['train', '--text', 'names', '--lr', 'NaN'], '--lr is "NaN", expected a number from'],
    [['train', '--text', 'names', '--lr', '-1'], '--lr is -1, expected'],
    [['train', '--text', 'names', '--lr', 'Infinity'], '--lr is "Infinity", expected'],
    [['train', '--text', 'names', '--steps', '0'], '--steps is 0, expected'],
    [['train', '--text', 'names', '--seed', '1e30'], '--seed is 1e+30, expected'],
    [['train', '--text', 'names', '--cell', 'LSTM'], '--cell is "LSTM", expected one of lstm, gru, rnn, rnn-relu'],
    [['train', '--text', 'names', '--split', '0.9,0.2,0.1'], '--split is 0.9,0.2,0.1, expected three shares'],
    [['train', '--text', 'names', '--split', '0,0.5,0.5'], 'with the first above 0'],
    [['train', '--text', 'names', '--split', 'a,b,c'], '--split is a,b,c, expected'],
    [['train', '--text', 'names', '--greedy=yes'], '--greedy is a switch and takes no value'],
    [['generate', '--prompt', 'a'], '--model FILE is missing'],
    [['generate', '--model', 'x', '--length', '0'], '--length is "0", expected a whole number from 1'],
    [['generate', '--model', 'x', '--temperature', '0'], '--temperature is "0", expected'],
    [['generate', '--model', 'x', '--top-p', '1.5'], '--top-p is "1.5", expected'],
    [['evaluate', '--model', 'x'], '--text FILE is missing'],
    [['evaluate', '--model', 'x', '--text', 'names', '--split', '1'], '--split is 1, expected three shares'],
    [['run'], 'is missing'],
    [['run', '#v=1&cell=gru', '--seed', '2'], '--seed is not known'],
  ])('%j ends with exit code 2', async (args, says) => {
    const { code, stderr } = await refusal(...args);
    expect(stderr).toContain(says);
    expect(stderr).toContain('--help');
    expect(code).toBe(2);
  });
});

describe('a text that cannot be used', () => {
  it.each<[string, string | Uint8Array, string]>([
    ['is empty', '', 'is empty, expected'],
    ['has one character', 'a', 'training part'],
    ['is shorter than a step', 'abc '.repeat(10), 'lower'],
    ['is not UTF-8', Uint8Array.from([...Buffer.from(LONG), 0xe9, 0x20]), 'not UTF-8'],
    ['is a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'not UTF-8'],
    ['is UTF-16', Buffer.from(`\ufeff${LONG}`, 'utf16le'), 'UTF-16'],
  ])('because it %s', async (_, content, says) => {
    const text = temporaryFile('text.txt', content);
    const out = join(dirname(text), 'model.safetensors');
    const { code, stderr } = await refusal('train', '--text', text, ...TINY, '--out', out);
    expect(stderr).toContain(says);
    expect(code).toBe(1);
    expect(existsSync(out)).toBe(false);
    expect(readdirSync(dirname(text))).toEqual(['text.txt']);
  });

  it('because it is not there, or a folder', async () => {
    const folder = temporaryFolder();
    expect((await refusal('train', '--text', join(folder, 'none.txt'), ...TINY)).stderr).toContain(
      'there is no such file',
    );
    expect((await refusal('train', '--text', folder, ...TINY)).stderr).toContain('it is a folder, expected a file');
    expect((await refusal('train', '--text', 'odyssey', ...TINY)).stderr).toContain(
      'bundled texts are moby-dick, names',
    );
    expect((await refusal('train', '--text', `${temporaryFile('a', '')}/b`, ...TINY)).stderr).toContain('not a folder');
  });

  it('with a prompt of characters that it does not have', async () => {
    for (const json of [[], ['--json']]) {
      const { code, stderr } = await refusal('train', '--text', 'names', ...TINY, '--prompt', 'Zoë', ...json);
      expect(stderr).toContain('U+00EB');
      expect(code).toBe(1);
    }
  });
});

describe('a place that cannot be written to', () => {
  it('is found out before training', async () => {
    const folder = temporaryFolder();
    for (const [out, says] of [
      [folder, 'is a folder'],
      [join(folder, 'none', 'x'), 'there is no such file or folder'],
    ] as const) {
      const { code, stderr } = await refusal('train', '--text', 'names', ...TINY, '--out', out);
      expect(stderr).toContain(says);
      expect(code).toBe(1);
    }
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('a model file that cannot be used', () => {
  const commands = [
    ['generate', '--length', '5'],
    ['evaluate', '--text', 'names'],
  ];

  it.each<[string, string | Uint8Array]>([
    ['is empty', ''],
    ['is a text', LONG],
    ['is a safetensors file of something else', foreignModel()],
    ['claims a header of 2^60 bytes', Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 16, 123, 125)],
  ])('because it %s', async (_, content) => {
    const model = temporaryFile('model.safetensors', content);
    for (const [command, ...rest] of commands) {
      const { code, stderr } = await refusal(command!, '--model', model, ...rest);
      expect(stderr).toContain(`--model ${model}: `);
      expect(code).toBe(1);
    }
  });

  it('because it was cut or changed', async () => {
    const folder = temporaryFolder();
    const out = join(folder, 'model.safetensors');
    expect((await unroll('train', '--text', 'counting', ...TINY, '--out', out)).code).toBe(0);
    const whole = readFileSync(out);
    const changed = Buffer.from(whole);
    changed.fill(0xff, changed.length - 4); // The last number of head.bias becomes NaN.
    for (const bytes of [
      whole.subarray(0, -1),
      whole.subarray(0, 100),
      Buffer.concat([whole, Buffer.of(0)]),
      changed,
    ]) {
      writeFileSync(out, bytes);
      expect((await refusal('generate', '--model', out)).code).toBe(1);
    }
    writeFileSync(out, whole);
    expect((await unroll('generate', '--model', out)).code).toBe(0);
    expect((await refusal('generate', '--model', out, '--prompt', 'abc')).stderr).toContain('U+0063');
    expect((await refusal('evaluate', '--model', out, '--text', 'names')).stderr).toContain('not in the vocabulary');
  });

  it('because it is not there, or a folder', async () => {
    expect((await refusal('generate', '--model', '/nonexistent/model')).stderr).toContain('there is no such file');
    expect((await refusal('generate', '--model', temporaryFolder())).stderr).toContain('it is a folder');
  });
});

describe('a link that cannot be used', () => {
  it.each([
    ['#v=2&cell=gru', 'made with a newer Unroll'],
    ['#v=1', 'cut off'],
    ['#v=1&k=40.12345678&cell=gru', 'cut off: 8 of 40 characters'],
    ['#v=1&k=8.12345678&cell=gru', 'damaged'],
    ['#v=1&hidden=0', 'hidden is 0, expected'],
    ['#v=1&text=odyssey', 'text is "odyssey"'],
    ['moby-dick', 'there is no #'],
  ])('%s', async (link, says) => {
    const { code, stderr } = await refusal('run', link);
    expect(stderr).toContain(says);
    expect(code).toBe(1);
  });
});

/** What PyTorch might save: a valid file whose tensors belong to another model. */
function foreignModel(): Uint8Array {
  const header = JSON.stringify({ 'fc.weight': { dtype: 'F32', shape: [2, 1], data_offsets: [0, 8] } });
  const file = Buffer.alloc(8 + header.length + 8);
  file.writeBigUInt64LE(BigInt(header.length));
  file.write(header, 8);
  return file;
}
