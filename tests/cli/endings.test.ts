import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { describe, expect, it, test } from 'vitest';
import { Interruptions } from '../../web/cli/interruptions.js';
import { limited, MAIN, outcomeOf, unroll } from './cli.js';
import type { Outcome } from './cli.js';
import { endAfter, resultOf, SmallTraining, stepOf } from './training.js';

const ENDING = [
  'SIGINT',
  'SIGTERM',
  'SIGHUP',
  'SIGQUIT',
  'SIGUSR1',
  'SIGUSR2',
  'SIGXCPU',
  'SIGALRM',
  'SIGABRT',
] as const;

describe('a training that is ended by a signal', () => {
  it.each(ENDING)('saves its model: %s', async (signal) => {
    const training = new SmallTraining();
    const outcome = await endAfter(2, training.endless(), signal);
    expect(outcome.code).toBe(128 + constants.signals[signal]);
    expect(outcome.stderr).toBe(
      `unroll: stopped at step ${stepOf(training.out)} of 1000000; the model so far is in ${training.out}; ` +
        `to go on: --resume ${training.out}\n`,
    );
    expect(stepOf(training.out)).toBeGreaterThanOrEqual(10);
  });

  it('says so when there is no place for it', async () => {
    const child = spawn(process.execPath, [MAIN, ...new SmallTraining().args({ steps: 1_000_000 })]);
    const outcome = await endAfter(1, child, 'SIGTERM');
    expect(outcome.stderr).toMatch(/^unroll: stopped at step \d+ of 1000000; nothing was saved, there was no --out\n$/);
    expect(outcome.code).toBe(143);
  });

  it('ends as usual on the second of its kind', () => {
    const before = process.listenerCount('SIGUSR2');
    const interruptions = new Interruptions();
    expect(process.listenerCount('SIGUSR2')).toBe(before + 1);
    process.emit('SIGUSR2', 'SIGUSR2');
    expect(interruptions).toMatchObject({ signal: 'SIGUSR2', requested: true });
    expect(process.listenerCount('SIGUSR2')).toBe(before);
    expect(process.listenerCount('SIGTERM')).toBeGreaterThan(0);
    interruptions.stop();
    expect(process.listenerCount('SIGTERM')).toBe(0);
  });

  it('saves also when its terminal is gone', async () => {
    const training = new SmallTraining();
    const child = training.endless();
    child.stdout.once('data', () => {
      child.stdout.destroy();
      child.stderr.destroy();
      child.kill('SIGHUP');
    });
    expect((await outcomeOf(child)).code).toBe(129);
    expect(stepOf(training.out)).toBeGreaterThanOrEqual(0);
  });
});

/** Runs a statement of JavaScript in the program when it has written so many lines. */
function atLine(count: number, statement: string): string[] {
  const hook =
    'const write = process.stdout.write; let lines = 0;' +
    `process.stdout.write = function (...args) { if (++lines === ${count}) { ${statement} } return write.apply(this, args); };`;
  return ['--import', `data:text/javascript,${encodeURIComponent(hook)}`];
}

describe('a training in which something goes wrong', () => {
  it.each([
    ['an exception', 'setImmediate(() => { throw new Error("from nowhere"); });'],
    ['a promise', 'Promise.reject(new Error("from nowhere"));'],
  ])('saves before it reports what nobody has caught: %s', async (_, statement) => {
    const training = new SmallTraining();
    const outcome = await outcomeOf(training.endless({}, atLine(3, statement)));
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toMatch(
      /the model so far is in .*\nunroll train: an error of our own: Error: from nowhere\n/,
    );
    expect(stepOf(training.out)).toBeGreaterThanOrEqual(20);
  });

  it('goes on with another engine when its own breaks down', async () => {
    const training = new SmallTraining();
    const trap =
      'let due = false; const instantiate = WebAssembly.instantiate;' +
      'const mortal = (own) => typeof own !== "function" ? own : (...args) => ' +
      '{ if (!due) return own(...args); due = false; throw new WebAssembly.RuntimeError("unreachable"); };' +
      'const seen = (group, change) => new Proxy({}, { get: (_, name) => change(group[name]) });' +
      'WebAssembly.instantiate = (module, imports) => instantiate(module, seen(imports, (group) => seen(group, mortal)));';
    const [flag, hook] = atLine(3, 'due = true;');
    const node = [flag!, hook!.replace('javascript,', `javascript,${encodeURIComponent(trap)}`)];
    const outcome = await outcomeOf(training.endless({ steps: 300 }, node));
    expect(outcome.stderr).toBe('unroll: the engine broke down (unreachable); it goes on from its last checkpoint\n');
    const strip = ({ stdout }: Outcome) => stdout.replaceAll(/"chars_per_s":\w+/g, '');
    expect(strip(outcome)).toBe(strip(await training.run({ steps: 300 })));
  });
});

describe('a training that diverges', () => {
  const WILD = {
    cell: 'rnn-relu',
    hidden: 64,
    layers: 1,
    dropout: 0,
    batch: 8,
    seq: 32,
    lr: 0.3,
    optimizer: 'sgd',
    clip: 0,
  };

  it('saves its last good model, and says what can be done', async () => {
    const training = new SmallTraining();
    const outcome = await training.run({ ...WILD, steps: 4000, 'eval-every': 100, out: training.out });
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toMatch(
      /^unroll train: at step \d+ the (loss|gradient) is no longer a finite number.*; the last good model, of step (\d+), is in .*; go on from there with unroll train --resume .* --lr 0\.03 or --clip 5, or start again with one of these\n$/,
    );
    const step = stepOf(training.out);
    expect(outcome.stderr).toContain(`of step ${step}`);
    for (const change of [{ lr: 0.003 }, { clip: 0.5 }]) {
      const resumed = await training.resume({ ...change, steps: step + 20, out: training.path('tamed.safetensors') });
      expect(resumed).toMatchObject({ code: 0, stderr: '' });
      expect(resultOf(resumed)['step']).toBe(step + 20);
      // No link says that it was changed on the way.
      expect(resultOf(resumed)['link']).toBeUndefined();
    }
  });

  it('does so in `unroll run`, and has something to say without --out', async () => {
    const training = new SmallTraining();
    const link = '#v=1&text=counting&cell=rnn-relu&hidden=64&batch=8&seq=32&lr=10&optimizer=sgd&clip=0&steps=4000';
    const kept = await unroll('run', link, '--out', training.out, '--json');
    expect(kept.code).toBe(1);
    expect(kept.stderr).toContain(`go on from there with unroll train --resume ${training.out} --lr 1 or --clip 5`);
    expect(existsSync(training.state)).toBe(true);
    const lost = await unroll('run', link, '--json');
    expect(lost.stderr).toMatch(/nothing was saved, there was no --out; start again with --lr 1 or --clip 5\n$/);
    expect(lost.code).toBe(1);
  });
});

const hasFull = existsSync('/dev/full');

/** Through a shell, for its redirections. */
function inShell(redirection: string, args: readonly string[]): Promise<Outcome> {
  return outcomeOf(spawn('sh', ['-c', `exec "$0" "$@" ${redirection}`, process.execPath, MAIN, ...args]));
}

describe.runIf(hasFull)('on a full disk', () => {
  test('standard output is lost, and the model is not', async () => {
    const training = new SmallTraining();
    const outcome = await inShell('> /dev/full', training.args({ steps: 30, out: training.out }));
    expect(outcome).toMatchObject({
      code: 1,
      stderr: 'unroll: standard output cannot be written: the disk is full\n',
    });
    expect(stepOf(training.out)).toBe(30);
  });

  test('without a model to save there is nothing to go on for', async () => {
    const outcome = await inShell('> /dev/full', new SmallTraining().args({ steps: 1_000_000 }));
    expect(outcome).toMatchObject({ code: 1, stderr: 'unroll: standard output cannot be written: the disk is full\n' });
  });

  test('nobody hears the notes, and all is well', async () => {
    const training = new SmallTraining();
    const args = [
      '-c',
      'exec "$0" "$@" 2> /dev/full',
      process.execPath,
      MAIN,
      ...training.args({ steps: 1_000_000, out: training.out }),
    ];
    expect((await endAfter(2, spawn('sh', args), 'SIGTERM')).code).toBe(143);
    expect(stepOf(training.out)).toBeGreaterThan(0);
  });

  test('the model goes beside the text', async () => {
    const training = new SmallTraining();
    const outcome = await training.run({ steps: 20, out: '/dev/full' });
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toBe(
      `unroll: --out /dev/full cannot be written: the disk is full; saved in ${training.out} instead\n`,
    );
    expect(stepOf(training.out)).toBe(20);
    expect(resultOf(outcome)['step']).toBe(20);
  });

  test('a model that can be saved nowhere is lost, and its result is told', async () => {
    const training = new SmallTraining();
    const outcome = await limited(...training.args({ steps: 200, hidden: 40, out: training.out, 'save-every': 1e-6 }));
    expect(outcome.code).toBe(1);
    expect(resultOf(outcome)).toMatchObject({ step: 200, fingerprint: expect.any(String) as string });
    // What fails in the middle is said once, and is no reason to end.
    expect(outcome.stderr.match(/the training goes on, and it is tried again/g)).toHaveLength(1);
    expect(outcome.stderr).toMatch(/\nunroll train: --out .* cannot be written: .*\n$/);
    expect(existsSync(training.out)).toBe(false);
  });
});

test('a pipe gets the model once, at the end', async () => {
  const training = new SmallTraining();
  const fifo = training.path('pipe');
  const script = 'mkfifo "$1" && { cat "$1" > "$2" & shift 2; "$0" "$@"; code=$?; wait; exit $code; }';
  const outcome = await outcomeOf(
    spawn('sh', [
      '-c',
      script,
      process.execPath,
      fifo,
      training.out,
      MAIN,
      ...training.args({ steps: 30, out: fifo, 'save-every': 1e-6 }),
    ]),
  );
  expect(outcome).toMatchObject({ code: 0, stderr: '' });
  expect(stepOf(training.out)).toBe(30);
  expect(readFileSync(training.out).length).toBe(
    8 + Number(readFileSync(training.out).readBigUInt64LE()) + 4 * (resultOf(outcome)['parameters'] as number),
  );
});
