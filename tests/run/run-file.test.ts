import { describe, expect, it } from 'vitest';
import { DEFAULTS } from '../../web/links/index.js';
import type { LanguageConfig } from '../../web/links/index.js';
import { readRunFile, startRun, writeRunFile } from '../../web/run/index.js';
import type { Run } from '../../web/run/index.js';
import { engine, refusal, SENTENCES } from '../engine/engine.js';
import { FakeThread } from '../parallel/threads.js';

const CONFIG: LanguageConfig = {
  ...DEFAULTS,
  text: { own: SENTENCES },
  hiddenSize: 9,
  batchSize: 6,
  seqLen: 7,
  steps: 40,
  evalEvery: 10,
};

async function written(
  config: LanguageConfig,
  options: Parameters<typeof startRun>[4] = {},
): Promise<[Run, Uint8Array]> {
  const run = await startRun(engine, config, SENTENCES, () => new FakeThread(), options);
  while (run.step < 15) await run.advance(0);
  return [run, writeRunFile(run, (await run.checkpoint())!, 'é "quoted"')];
}

describe('a run in a file', () => {
  it.each([1, 2, 3])('comes back as it was: %i workers', async (workers) => {
    const [run, file] = await written({ ...CONFIG, workers });
    const { text: _, ...values } = { ...CONFIG, workers };
    expect(readRunFile(engine, file)).toEqual({
      checkpoint: await run.checkpoint(),
      values,
      vocabulary: null,
      note: 'é "quoted"',
    });
    run.delete();
  });

  it('is a safetensors file like any other, with a tensor for each worker', async () => {
    const [run, file] = await written({ ...CONFIG, text: 'names', workers: 2 });
    const { metadata, tensors } = engine.readSafetensors(file);
    expect(tensors.map(({ name, dtype }) => [name, dtype])).toEqual([
      ['worker.0', 'U8'],
      ['worker.1', 'U8'],
    ]);
    expect(Object.fromEntries(metadata)).toMatchObject({ format: 'unroll-run', version: '1', step: '15' });
    expect(readRunFile(engine, file).values).toMatchObject({ text: 'names' });
    // Each is itself one.
    for (const { data } of tensors)
      expect(engine.readSafetensors(data as Uint8Array).metadata.get('format')).toBe('unroll-trainer');
    run.delete();
  });

  it('knows its characters when it started from a model, as no text tells their order', async () => {
    using model = engine.createLanguageModel({ hiddenSize: 9, vocabulary: 'zyxwvutsrqponmlkjihgfedcba .🎵' });
    const [run, file] = await written(CONFIG, { start: { model } });
    expect(readRunFile(engine, file).vocabulary).toBe(model.vocabulary);
    run.delete();
  });

  it('is refused when it is none', async () => {
    using model = engine.createLanguageModel({ hiddenSize: 9, vocabulary: 'abc' });
    const refused = (file: Uint8Array) => refusal(() => readRunFile(engine, file));
    expect(refused(engine.saveModel(model))).toMatchObject({
      code: 'FILE_INVALID',
      message: expect.stringContaining('not a saved run') as string,
    });
    expect(refused(new Uint8Array(100)).code).toBe('FILE_INVALID');
    const whole = JSON.stringify({ ...CONFIG, text: null });
    const file = (metadata: Record<string, string>) =>
      engine.writeSafetensors(Object.entries({ format: 'unroll-run', version: '1', run: whole, ...metadata }), {});
    expect(refused(file({})).message).toContain('where its run is');
    expect(refused(file({ version: '2' })).code).toBe('FILE_NEWER');
    for (const run of [
      '',
      '{',
      '7',
      'null',
      '{"hiddenSize":0,"text":null}',
      whole.replace('null', '"no such text"'),
      whole.replace('null', 'null,"more":1'),
    ]) {
      expect(refused(file({ run })).code).toBe('FILE_INVALID');
    }
    const floats = engine.writeSafetensors(
      [
        ['format', 'unroll-run'],
        ['version', '1'],
        ['run', '{"text":"names"}'],
      ],
      {
        'worker.0': { shape: [1], data: Float32Array.of(1) },
      },
    );
    expect(refused(floats)).toMatchObject({
      code: 'FILE_INVALID',
      message: expect.stringContaining('worker.0') as string,
    });
  });
});
