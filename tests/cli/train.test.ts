import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { jsonLines, outcomeOf, start, temporaryFile, temporaryFolder, unroll } from './cli.js';
import { metadataOf, SONG } from './training.js';

const SMALL = { hidden: 8, batch: 4, seq: 16, steps: 30, 'eval-every': 10 };

/** The flags of a run that takes a moment, with some of them changed. */
function flags(changes: Readonly<Record<string, number>> = {}): string[] {
  return Object.entries({ ...SMALL, ...changes }).flatMap(([name, value]) => [`--${name}`, String(value)]);
}

describe('unroll train', () => {
  it('prints one JSON object a line: evaluations, then the result', async () => {
    const outcome = await unroll('train', '--text', temporaryFile('song.txt', SONG), ...flags(), '--json');
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    const lines = jsonLines(outcome);
    expect(lines.map((line) => line['step'])).toEqual([0, 10, 20, 30, 30]);
    const [first, second, , last, result] = lines;
    expect(Object.keys(first!)).toEqual(['step', 'train_loss', 'val_loss', 'chars_per_s']);
    expect(first).toMatchObject({ train_loss: null, chars_per_s: null });
    expect(second!['chars_per_s']).toBeGreaterThan(0);
    expect(last!['val_loss']).toBeLessThan(first!['val_loss'] as number);
    expect(result).toMatchObject({ train_loss: last!['train_loss'], val_loss: last!['val_loss'], generation: 1 });
    expect(result!['bits_per_char']).toBeCloseTo((result!['test_loss'] as number) / Math.LN2, 12);
    // 27 characters: LSTM 4*8*(27+8+2), head 27*8+27.
    const characters = new Set(SONG).size;
    expect(result!['parameters']).toBe(4 * 8 * (characters + 8 + 2) + characters * 9);
    expect(result!['fingerprint']).toMatch(/^[0-9a-f]{16}$/);
  });

  it('prints a table and samples for people, without colours when it is not a terminal', async () => {
    const text = temporaryFile('song.txt', SONG);
    const outcome = await unroll(
      'train',
      '--text',
      text,
      ...flags(),
      '--sample-every',
      '10',
      '--prompt',
      'Row',
      '--sample-length',
      '9',
    );
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(outcome.stdout).not.toContain('\x1b');
    expect(outcome.stdout).toMatch(
      /^lstm, 1 layer of 8, [\d,]+ parameters\nsong\.txt, 1,[\d,]+ characters to train on, \d\d different ones\n/,
    );
    expect(outcome.stdout.match(/^ +(?:0|10|20|30) +(?:–|\d\.\d{3}) +\d\.\d{3} +(?:–|[\d,]+)$/gm)).toHaveLength(4);
    expect(outcome.stdout.match(/^ +│ Row.{9,}$/gm)).toHaveLength(4);
    expect(outcome.stdout).toMatch(
      /\ntest loss \d\.\d{3} nats, \d\.\d{3} bits per character\nweights {3}[0-9a-f]{16}\nagain {5}unroll run '#v=1&k=/,
    );
  });

  it('saves a model that generates and evaluates as it was trained', async () => {
    const text = temporaryFile('song.txt', SONG);
    const out = join(dirname(text), 'song.safetensors');
    const [result] = jsonLines(await unroll('train', '--text', text, ...flags(), '--json', '--out', out)).slice(-1);
    expect(readdirSync(dirname(out)).sort()).toEqual(['song.safetensors', 'song.state.safetensors', 'song.txt']);

    expect(metadataOf(out)).toMatchObject({ 'unroll.step': '30', 'unroll.seed': '1', 'unroll.generation': '1' });
    expect(JSON.parse(metadataOf(out)['unroll.run']!)).toMatchObject({
      text: null,
      hiddenSize: 8,
      steps: 30,
      learningRate: 0.002,
    });

    const evaluated = await unroll('evaluate', '--model', out, '--text', text, '--split', '0.9,0.05,0.05', '--json');
    expect(evaluated).toMatchObject({ code: 0, stderr: '' });
    const [measured] = jsonLines(evaluated);
    for (const key of ['val_loss', 'test_loss', 'parameters', 'fingerprint']) expect(measured![key]).toBe(result![key]);

    const quantised = await unroll('evaluate', '--model', out, '--text', text, '--int8', '--json');
    const own = await unroll('evaluate', '--model', out, '--text', text, '--json');
    const [int8, float32] = [quantised, own].map((run) => jsonLines(run)[0]!['perplexity'] as number);
    expect(int8).not.toBe(float32);
    expect(Math.abs(int8! / float32! - 1)).toBeLessThan(0.005);

    const generate = ['generate', '--model', out, '--prompt', 'Row', '--length', '300'];
    const first = await unroll(...generate, '--seed', '5');
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(/^Row/);
    expect([...first.stdout]).toHaveLength(3 + 300 + 1);
    expect(await unroll(...generate, '--seed', '5')).toEqual(first);
    expect((await unroll(...generate, '--seed', '6')).stdout).not.toBe(first.stdout);
    expect(await unroll(...generate, '--seed', '5', '--greedy')).toEqual(await unroll(...generate, '--greedy'));
    const written = await unroll(...generate, '--seed', '5', '--int8');
    expect(written).toMatchObject({ code: 0, stderr: '' });
    expect([...written.stdout]).toHaveLength(3 + 300 + 1);
    expect(await unroll(...generate, '--seed', '5', '--int8')).toEqual(written);
    // The single likeliest character is the greedy choice, whatever the seed.
    expect((await unroll(...generate, '--top-k', '1')).stdout).toBe((await unroll(...generate, '--greedy')).stdout);
    expect((await unroll('generate', '--model', out, '--length', '5')).stdout).toHaveLength(6);
  });

  it('stops in good order on Ctrl-C and saves what there is', async () => {
    const text = temporaryFile('song.txt', SONG);
    const out = join(dirname(text), 'part.safetensors');
    const child = start(['train', '--text', text, ...flags({ steps: 1_000_000 }), '--json', '--out', out]);
    const ended = outcomeOf(child);
    child.stdout.once('data', () => child.kill('SIGINT'));
    const outcome = await ended;
    expect(outcome.stderr).toMatch(
      /^unroll: stopped at step \d+ of 1000000; the model so far is in .*part\.safetensors; to go on: --resume .*part\.safetensors\n$/,
    );
    expect(outcome.code).toBe(130);
    expect((await unroll('generate', '--model', out, '--length', '5')).code).toBe(0);
  });

  it('ends without a complaint when nobody reads on', async () => {
    const child = start(['train', '--text', 'counting', ...flags({ steps: 5000 }), '--json']);
    const ended = outcomeOf(child);
    child.stdout.once('data', () => child.stdout.destroy());
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
  });

  it('saves its model even so', async () => {
    const out = join(temporaryFolder(), 'model.safetensors');
    const child = start(['train', '--text', 'counting', ...flags(), '--json', '--out', out]);
    const ended = outcomeOf(child);
    child.stdout.once('data', () => child.stdout.destroy());
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
    expect((await unroll('generate', '--model', out, '--length', '5')).code).toBe(0);
  });

  it('replaces an older model only by a whole new one', async () => {
    const folder = temporaryFolder();
    const out = join(folder, 'model.safetensors');
    writeFileSync(out, 'older');
    expect((await unroll('train', '--text', 'counting', ...flags({ batch: 256, seq: 1024 }), '--out', out)).code).toBe(
      1,
    );
    expect(readFileSync(out, 'utf8')).toBe('older');
    expect((await unroll('train', '--text', 'counting', ...flags({ steps: 1 }), '--out', out)).code).toBe(0);
    expect(readFileSync(out, 'utf8')).not.toBe('older');
    expect(readdirSync(folder)).toEqual(['model.safetensors', 'model.state.safetensors']);
  });
});

describe('unroll run', () => {
  it('trains the same twice, and checks what the link claims', async () => {
    const first = await unroll('run', '#v=1&text=names&hidden=8&steps=20&eval-every=10', '--json');
    const [result] = jsonLines(first).slice(-1);
    const again = await unroll('run', `https://example.org/unroll/${result!['link'] as string}`, '--json');
    expect(again).toMatchObject({ code: 0, stderr: '' });
    const strip = (line: Record<string, unknown>) => ({ ...line, chars_per_s: 0, claim: 0 });
    expect(jsonLines(again).map(strip)).toEqual(jsonLines(first).map(strip));
    expect(jsonLines(again).at(-1)!['claim']).toBe('matches');
    expect((await unroll('run', result!['link'] as string)).stdout).toContain(
      `${result!['fingerprint'] as string}, as the link says`,
    );
  });

  it('fails when the claim is not kept', async () => {
    const outcome = await unroll('run', '#v=1&text=names&hidden=8&steps=20&e=1.10.0123456789abcdef', '--json');
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toMatch(
      /^unroll run: the link claims the weights 0123456789abcdef at step 10, this run has [0-9a-f]{16}: /,
    );
    expect(jsonLines(outcome).at(-1)!['claim']).toBe('differs');
  });

  it('does not compare with another generation of the engine, and says so', async () => {
    const outcome = await unroll('run', '#v=1&text=names&hidden=8&steps=20&e=99999.10.0123456789abcdef', '--json');
    expect(outcome.stderr).toContain("the link's result comes from engine generation 99999, this is generation 1");
    expect(outcome.code).toBe(0);
  });

  it('does what the same flags do to the same text', async () => {
    const same = ['--text', temporaryFile('song.txt', SONG), ...flags()];
    const [trained] = jsonLines(await unroll('train', ...same, '--json')).slice(-1);
    const link = (await unroll('link', ...same)).stdout.trim();
    const [ran] = jsonLines(await unroll('run', link, '--json')).slice(-1);
    expect(ran!['fingerprint']).toBe(trained!['fingerprint']);
  });

  it('opens a link with something stuck to its end, and says so', async () => {
    const link = (await unroll('link', '--text', 'names', '--hidden', '8', '--steps', '1')).stdout.trim();
    const outcome = await unroll('run', `${link}).`, '--json');
    expect(outcome.stderr).toBe('unroll run: 2 characters after the end of the link did not belong to it.\n');
    expect(outcome.code).toBe(0);
  });
});

describe('unroll link', () => {
  it('prints the default run', async () => {
    expect(await unroll('link')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^#v=1&k=0\.[0-9a-f]{8}\n$/) as string,
      stderr: '',
    });
  });

  it('warns of one that is too long for many programs', async () => {
    const path = temporaryFile(
      'noise.txt',
      Array.from({ length: 4000 }, (_, i) => ((i * i * 7919) % 10007).toString(36)).join(''),
    );
    expect((await unroll('link', '--text', path)).stderr).toMatch(/^unroll link: This link has [\d,]+ characters/);
  });
});

describe('help', () => {
  it.each([[[]], [['--help']], [['help']]])('%j lists the commands', async (args) => {
    const outcome = await unroll(...args);
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    for (const name of ['train', 'generate', 'evaluate', 'run', 'link'])
      expect(outcome.stdout).toContain(`unroll ${name}`);
  });

  it.each(['train', 'generate', 'evaluate', 'run', 'link'])('of %s lists its flags', async (name) => {
    const outcome = await unroll(name, '--help');
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(outcome.stdout.startsWith(`unroll ${name} `)).toBe(true);
    expect(outcome.stdout).toContain('--help');
  });

  it('of train says that the number of workers can be chosen', async () => {
    expect((await unroll('train', '--help')).stdout).toContain('--workers auto');
  });

  it('knows its version', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(await unroll('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});
