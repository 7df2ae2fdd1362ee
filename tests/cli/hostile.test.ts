import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { RUN_FLAGS } from '../../web/cli/run-flags.js';
import { createEngine } from '../../web/engine/index.js';
import { knownFields } from '../../web/links/run-config.js';
import { writeLink, DEFAULTS } from '../../web/links/index.js';
import { MAIN, temporaryFile, temporaryFolder } from './cli.js';
import { expectSafe, told, UNSEEN } from './told.js';

/** Sets a title, clears, turns direction, hides, and pretends to be a line of ours. */
const HOSTILE =
  '\x1b]0;title\x07\x1b[2J\x08\x7f\x9b31m\u202e\u2066\u200f\u061c\u2028\u2029\u200b\ufeff\ud800\r\nunroll: all is well';

const engine = await createEngine();

/** A text that can be trained on, with as many acting characters as a text may have. */
const TEXT = 'a\x1b]0;title\x07b\x7f\x9b31m\u202ec\u2066\u200f\u061c\u2028d\u200b\u{e0041}e\r'.repeat(40);

const MODEL = (() => {
  using trainer = engine.createTrainer({ hiddenSize: 8, batchSize: 2, seqLen: 8 }, TEXT);
  using model = trainer.model();
  return Buffer.from(engine.saveModel(model));
})();
const FLAGS = ['--hidden', '8', '--batch', '2', '--seq', '8', '--steps', '2', '--eval-every', '1'];

/** One sentence that refuses. */
async function expectSafeRefusal(...args: readonly string[]): Promise<void> {
  const outcome = await told(...args);
  expectSafe(outcome);
  expect(outcome.code).toBeGreaterThan(0);
  expect(outcome.stderr).toMatch(/^unroll[^\n]*\n$/);
  expect(outcome.stderr).not.toContain('an error of our own');
}

describe('what a command line says', () => {
  it.each([
    [HOSTILE],
    [`--${HOSTILE}`],
    ...['train', 'generate', 'evaluate', 'run', 'link'].flatMap((command) => [
      [command, HOSTILE],
      [command, '', HOSTILE],
      [command, `--${HOSTILE}`],
      [command, `-${HOSTILE}`],
      [command, '--json', `--fast=${HOSTILE}`],
    ]),
    ...RUN_FLAGS.map(({ name, value }) => ['train', '--text', 'names', `--${name}=${value === null ? '' : HOSTILE}`]),
    ['train', '--text', HOSTILE],
    ['train', '--text', `./${HOSTILE}/`],
    ['train', '--text', 'names', '--out', `/nowhere/${HOSTILE}`],
    ['link', '--text', HOSTILE],
    ...['model', 'length', 'temperature', 'top-k', 'top-p', 'seed', 'beam'].map((name) => [
      ...['generate', '--model', 'none', `--${name}`, HOSTILE],
    ]),
    ['evaluate', '--text', 'names', '--model', HOSTILE],
    ['evaluate', '--text', HOSTILE, '--model', HOSTILE],
    ['evaluate', '--text', 'names', '--model', 'x', '--split', HOSTILE],
  ])('case %#', async (...args) => expectSafeRefusal(...args.filter((arg) => typeof arg === 'string')));
});

describe('what a link says', () => {
  const encoded = encodeURIComponent(HOSTILE.replace('\ud800', ''));

  it.each([
    ...knownFields()
      .map(({ name }) => `#v=1&${name}=${encoded}`)
      .filter((link) => !/[#&](?:prompt|fast|greedy)=/.test(link)),
    `#v=1&${encoded}=1&cell=gru`,
    `#v=${encoded}`,
    `#v=1&e=${encoded}`,
    `#v=1&e=1.10.${encoded}&cell=gru`,
    `#v=1&own=${encoded}`,
    `#v=1&text=names&prompt=${encoded}&steps=1`,
    `#v=1&k=${encoded}&cell=gru`,
    HOSTILE,
    `#${HOSTILE}`,
    `#v=1&cell=${HOSTILE}`,
  ])('case %#', async (link) => expectSafe(await told('run', link)));

  it('and what it brings along, in the table and its samples', async () => {
    const config = {
      ...DEFAULTS,
      text: { own: TEXT },
      hiddenSize: 8,
      batchSize: 2,
      seqLen: 8,
      steps: 2,
      prompt: '\x1b\u202e',
    };
    const outcome = await told('run', await writeLink({ config }));
    expectSafe(outcome);
    expect(outcome.stdout).toContain('│ \\x1b\\u202e');
  });
});

const END = 8 + Number(MODEL.readBigUInt64LE());

/** The model with another header. */
function forged(header: unknown): Buffer {
  const changed = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(changed.length));
  return Buffer.concat([length, changed, MODEL.subarray(END)]);
}

describe('what a file says', () => {
  const header = JSON.parse(MODEL.subarray(8, END).toString()) as Record<string, Record<string, unknown>>;
  const { __metadata__: metadata, ...tensors } = header;

  it.each([
    ...Object.keys(metadata!).map((key) => ({ __metadata__: { ...metadata, [key]: HOSTILE }, ...tensors })),
    { __metadata__: { ...metadata, [HOSTILE]: HOSTILE }, ...tensors },
    ...Object.keys(tensors).map((name) => ({
      __metadata__: metadata,
      ...Object.fromEntries(Object.entries(tensors).map(([key, value]) => [key === name ? HOSTILE : key, value])),
    })),
    { __metadata__: metadata, ...tensors, [HOSTILE]: { dtype: 'F32', shape: [0], data_offsets: [0, 0] } },
    { __metadata__: metadata, ...tensors, 'head.bias': { ...tensors['head.bias'], dtype: HOSTILE } },
    { __metadata__: metadata, ...tensors, 'head.bias': { ...tensors['head.bias'], [HOSTILE]: 1 } },
    { [HOSTILE]: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } },
    HOSTILE,
  ])('case %#', async (changed) => {
    const path = temporaryFile('model', forged(changed));
    expectSafe(await told('generate', '--model', path, '--json', '--length', '3'));
    expectSafe(await told('evaluate', '--model', path, '--text', 'names'));
  });

  it('and what it is called', async () => {
    const name = HOSTILE.replace('\ud800', '');
    const path = join(temporaryFolder(), name);
    await expectSafeRefusal('generate', '--model', path);
    writeFileSync(path, TEXT);
    await expectSafeRefusal('generate', '--model', path);
    await expectSafeRefusal('evaluate', '--model', path, '--text', path);
    const trained = await told('train', '--text', path, ...FLAGS, '--out', `${path}.safetensors`);
    expectSafe(trained);
    expect(trained).toMatchObject({ code: 0, stderr: '' });
    expect(trained.stdout).toContain('\\x1b]0;title\\x07');
    expectSafe(await told('evaluate', '--model', `${path}.safetensors`, '--text', path, '--per-char'));
  });
});

describe('what a model does not know', () => {
  const model = () => temporaryFile('model', MODEL);

  it.each([
    ['generate', '--prompt', 'a\u200e'],
    ['generate', '--prompt', HOSTILE],
    ['generate', '--stop', HOSTILE],
    ['evaluate', '--text', 'names'],
  ])('case %#', async (command, ...args) => expectSafeRefusal(command, '--model', model(), ...args));
});

describe('what a model writes', () => {
  const write = ['--prompt', 'a\x1b', '--length', '300', '--temperature', '3'];
  const model = () => temporaryFile('model', MODEL);
  const tty = process.stdout.isTTY;
  afterEach(() => void (process.stdout.isTTY = tty));

  it('is as it is when it goes elsewhere', async () => {
    process.stdout.isTTY = false;
    const { text } = JSON.parse((await told('generate', '--model', model(), ...write, '--json')).stdout) as {
      text: string;
    };
    expect((await told('generate', '--model', model(), ...write)).stdout).toBe(`a\x1b${text}\n`);
    expect(text).toMatch(/[\x1b\u202e]/);
  });

  it('is shown as what can be seen by a terminal, drawn, searched, in tables and as JSON', async () => {
    process.stdout.isTTY = true;
    vi.stubEnv('NO_COLOR', '1');
    for (const how of [[...write], [...write, '--json'], [...write, '--logprobs'], ['--beam', '2', '--length', '30']]) {
      const outcome = await told('generate', '--model', model(), ...how);
      expectSafe(outcome);
      expect(outcome).toMatchObject({ code: 0, stderr: '' });
    }
    vi.unstubAllEnvs();
  });

  const python = spawnSync('python3', ['-c', 'import pty']).status === 0;
  it.skipIf(!python)('by a real terminal too (python3 makes one)', () => {
    const command = [process.execPath, MAIN, 'generate', '--model', model(), ...write];
    const spawn = ['-c', 'import pty, sys; sys.exit(pty.spawn(sys.argv[1:]))', ...command];
    const { stdout } = spawnSync('python3', spawn, { encoding: 'utf8' });
    expect(stdout).toContain('a\\x1b');
    expect(stdout.replaceAll('\r\n', '\n')).not.toMatch(UNSEEN);
  });
});
