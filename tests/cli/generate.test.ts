import { describe, expect, it } from 'vitest';
import { createEngine } from '../../web/engine/index.js';
import { jsonLines, temporaryFile, unroll } from './cli.js';

const SONG =
  'Row, row, row your boat,\ngently down the stream.\nMerrily, merrily, merrily, merrily,\nlife is but a dream.\n'.repeat(
    20,
  );

const engine = await createEngine();
const file = (() => {
  using trainer = engine.createTrainer({ hiddenSize: 24, batchSize: 4, seqLen: 16, seed: 2 }, SONG);
  trainer.train(150);
  using model = trainer.model();
  return engine.saveModel(model);
})();
const model = engine.loadModel(file);

/** `unroll <command> --model FILE`, for a test. */
const run = (command: string, ...args: string[]) =>
  unroll(command, '--model', temporaryFile('song.safetensors', file), ...args);

/** The first place where a text has one of the strings, with it. */
const upTo = (text: string, ...stops: string[]): string =>
  text.slice(0, Math.min(...stops.map((stop) => (text.includes(stop) ? text.indexOf(stop) + stop.length : Infinity))));

describe('unroll generate', () => {
  const greedy = model.generate({ prompt: 'Row', length: 300, greedy: true });

  it('ends where a stop string comes, whichever comes first, also behind the first piece', async () => {
    const base = ['--prompt', 'Row', '--greedy', '--length', '300'];
    const stops = [greedy.slice(40, 44), greedy.slice(20, 23)];
    const outcome = await run('generate', ...base, '--stop', stops[0]!, '--stop', stops[1]!);
    expect(outcome).toEqual({ code: 0, stderr: '', stdout: `Row${upTo(greedy, ...stops)}\n` });
    const one = await run('generate', ...base, '--stop', stops[0]!);
    expect(one.stdout).toBe(`Row${upTo(greedy, stops[0]!)}\n`);
  });

  it('tells how likely each character was', async () => {
    const { stdout } = await run('generate', '--prompt', 'Row', '--length', '12', '--seed', '4', '--logprobs');
    const lines = stdout.split('\n');
    const text = model.generate({ prompt: 'Row', length: 12, seed: 4, temperature: 0.8 });
    // The text may have line breaks of its own.
    expect(stdout.startsWith(`Row${text}\n`)).toBe(true);
    const table = lines.slice(`Row${text}`.split('\n').length, -1);
    const { logProbs } = model.evaluateText(`Row${text}`);
    expect(table).toHaveLength(12);
    table.forEach((line, i) => {
      const [, character, logProb, percent] = /^("(?:[^"\\]|\\.)") +(-?[\d.]+) +([\d.]+) %$/.exec(line)!;
      expect(JSON.parse(character!)).toBe(text[i]);
      expect(Number(logProb)).toBeCloseTo(logProbs[i + 2]!, 3);
      expect(Number(percent)).toBeCloseTo(100 * Math.exp(logProbs[i + 2]!), 1);
    });
  });

  it('gives all of it as JSON', async () => {
    const [written, ...rest] = jsonLines(
      await run('generate', '--prompt', 'Row', '--length', '300', '--greedy', '--json'),
    );
    expect(rest).toEqual([]);
    expect(written).toMatchObject({ prompt: 'Row', text: greedy });
    const logProbs = written!['log_probs'] as number[];
    expect(logProbs).toHaveLength(300);
    expect(written!['log_prob']).toBeCloseTo(
      logProbs.reduce((a, b) => a + b, 0),
      10,
    );
    using generator = model.createGenerator({ prompt: 'Row', greedy: true });
    expect(Float32Array.from(logProbs)).toEqual(generator.next(300).logProbs);
  });

  it('draws from the likeliest only', async () => {
    const how = { prompt: 'Row', length: 40, seed: 7, temperature: 1.5 };
    const flags = ['--prompt', 'Row', '--length', '40', '--seed', '7', '--temperature', '1.5'];
    const written = await run('generate', ...flags, '--top-k', '3', '--top-p', '0.7');
    expect(written.stdout).toBe(`Row${model.generate({ ...how, topK: 3, topP: 0.7 })}\n`);
    expect(written.stdout).not.toBe(`Row${model.generate(how)}\n`);
  });

  it('searches for the likeliest text', async () => {
    const found = model.beamSearch({ prompt: 'Row', width: 5, length: 30, stop: ['\n'] });
    const flags = ['--prompt', 'Row', '--length', '30', '--beam', '5', '--stop', '\n'];
    const outcome = await run('generate', ...flags);
    expect(outcome).toEqual({ code: 0, stderr: '', stdout: `Row${found[0]!.text}\n` });
    const lines = jsonLines(await run('generate', ...flags, '--json'));
    expect(lines.map(({ text, score }) => [text, score])).toEqual(found.map(({ text, score }) => [text, score]));
    expect((await run('generate', ...flags, '--logprobs')).stdout.split('\n').length).toBeGreaterThan(
      found[0]!.text.length,
    );
  });

  it.each([
    [['--beam', '0'], '--beam is "0", expected a whole number from 1 to 64'],
    [['--beam', '65'], '--beam is "65"'],
    [['--beam', '3', '--temperature', '1'], '--temperature says how to draw, but --beam draws nothing'],
    [['--beam', '3', '--greedy'], '--greedy says how to draw, but --beam draws nothing'],
    [['--beam', '3', '--length', '5000'], '--length is "5000", expected a whole number from 1 to 4096'],
    [['--stop'], '--stop needs a value, as in --stop TEXT'],
    [['--logprobs=1'], '--logprobs is a switch'],
  ])('%j is refused', async (args, says) => {
    const outcome = await run('generate', ...args);
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain(says);
  });

  it('refuses stop strings that could never come', async () => {
    for (const [stop, says] of [
      ['', 'a stop string is "", expected at least one character'],
      ['Ж', 'U+0416'],
    ] as const) {
      const outcome = await run('generate', '--stop', stop);
      expect(outcome).toMatchObject({ code: 1, stdout: '' });
      expect(outcome.stderr).toContain(says);
    }
  });
});

describe('unroll evaluate', () => {
  const text = 'Row your boat,\nMerrily';
  const { lossNats, bitsPerChar, perplexity, logProbs } = model.evaluateText(text);

  it('prints nats, bits and perplexity', async () => {
    const { stdout } = await run('evaluate', '--text', temporaryFile('line.txt', text));
    expect(stdout).toBe(
      `line.txt ${lossNats.toFixed(3)} nats, ${bitsPerChar.toFixed(3)} bits per character, ` +
        `perplexity ${perplexity.toFixed(2)}, ${text.length} characters\n`,
    );
  });

  it('prints them for each character', async () => {
    const { stdout } = await run('evaluate', '--text', temporaryFile('line.txt', text), '--per-char');
    const table = stdout.split('\n').slice(1, -1);
    expect(table.map((line) => JSON.parse(/^"(?:[^"\\]|\\.)"/.exec(line)![0]) as string).join('')).toBe(text.slice(1));
    table.forEach((line, i) => expect(Number(/ (-?[\d.]+) +[\d.]+ %$/.exec(line)![1])).toBeCloseTo(logProbs[i]!, 3));
  });

  it('gives them as JSON', async () => {
    const path = temporaryFile('line.txt', text);
    const [measured] = jsonLines(await run('evaluate', '--text', path, '--per-char', '--json'));
    expect(measured).toMatchObject({ loss: lossNats, bits_per_char: bitsPerChar, perplexity, chars: text.length });
    expect(Float32Array.from(measured!['log_probs'] as number[])).toEqual(logProbs);
    expect(jsonLines(await run('evaluate', '--text', path, '--json'))[0]).not.toHaveProperty('log_probs');
  });
});
