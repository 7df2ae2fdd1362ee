import { expect, test, vi } from 'vitest';
import { createEngine, Engine } from '../../web/engine/index.js';
import { DEFAULTS } from '../../web/links/index.js';
import type { LanguageConfig } from '../../web/links/index.js';
import type { TrainingClient } from '../../web/worker/client.js';
import { OwnTexts } from '../../web/worker/own-texts.js';
import { makeSession } from './asked-session.js';

/** The page's end, and what it has sent. */
function setUp(inUse: () => readonly LanguageConfig['text'][] = () => []) {
  const sent: unknown[] = [];
  const request = async (kind: string, args: unknown) => void sent.push({ kind, ...(args as object) });
  return { texts: new OwnTexts({ request } as unknown as TrainingClient, inUse), sent };
}

test('a text of the reader crosses once, however often it is asked for', () => {
  const { texts, sent } = setUp();
  const config: LanguageConfig = { ...DEFAULTS, text: { own: 'to be or not to be' } };
  expect(texts.send(config)).toEqual({ ...config, text: { kept: 1 } });
  expect(texts.send({ ...config, hiddenSize: 7 })).toEqual({ ...config, hiddenSize: 7, text: { kept: 1 } });
  expect(sent).toEqual([{ kind: 'keepText', id: 1, text: 'to be or not to be', only: [1] }]);
  expect(texts.send(DEFAULTS)).toEqual(DEFAULTS);
  expect(sent).toHaveLength(1);
});

test('a worker that begins gets those that are in use, and a text that nobody uses is let go', () => {
  const inUse: LanguageConfig['text'][] = [];
  const { texts, sent } = setUp(() => inUse);
  const [first, second, third] = ['one', 'two', 'three'].map((own) => ({ own }));
  texts.send({ ...DEFAULTS, text: first! });
  inUse.push(first!);
  texts.send({ ...DEFAULTS, text: second! });
  texts.send({ ...DEFAULTS, text: third! });
  expect(sent.at(-1)).toMatchObject({ text: 'three', only: [1, 3] });
  sent.length = 0;
  texts.sendAgain();
  expect(sent).toMatchObject([
    { text: 'one', only: [1, 3] },
    { text: 'three', only: [1, 3] },
  ]);
});

test('a text that was tried is prepared without being made into a network again', async () => {
  const engine = await createEngine();
  const made = vi.spyOn(Engine.prototype, 'createTrainer');
  const { ask } = makeSession(async () => engine);
  const config: LanguageConfig = {
    ...DEFAULTS,
    hiddenSize: 8,
    batchSize: 4,
    seqLen: 8,
    text: { own: 'to be or not to be. '.repeat(99) },
  };
  await ask('check', { config });
  const { info } = await ask('prepare', { config });
  expect(info.vocabSize).toBe(8);
  expect(made).toHaveBeenCalledTimes(1);
  // With another setting it is another network, and the one that was tried is let go.
  await ask('check', { config });
  await ask('prepare', { config: { ...config, hiddenSize: 9 } });
  expect(made).toHaveBeenCalledTimes(3);
  expect(engine.liveObjects()).toBe(1);
  made.mockRestore();
});

test('a text that was let go is refused, and not mistaken for another', async () => {
  const { ask } = makeSession(async () => createEngine());
  await ask('keepText', { id: 1, text: 'one', only: [1] });
  await ask('keepText', { id: 2, text: 'two', only: [2] });
  const gone = { ...DEFAULTS, text: { kept: 1 } } as unknown as LanguageConfig;
  await expect(ask('plan', { config: gone })).rejects.toMatchObject({ code: 'INTERNAL' });
});
