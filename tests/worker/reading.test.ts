import { expect, test } from 'vitest';
import { createEngine } from '../../web/engine/index.js';
import { DEFAULTS } from '../../web/links/index.js';
import type { LanguageConfig } from '../../web/links/index.js';
import { makeSession } from './asked-session.js';

const LINES = Array.from({ length: 400 }, (_, i) => `zeile ${i} — größe ${i * i}\n`).join('');
const CONFIG: LanguageConfig = { ...DEFAULTS, text: { own: LINES }, hiddenSize: 8, batchSize: 4, seqLen: 8 };

async function readingOf(config: LanguageConfig, length: number): Promise<string> {
  const engine = await createEngine();
  const { ask, send } = makeSession(async () => engine);
  await ask('prepare', { config });
  return ((await send('reading', { length })) as { text: string }).text;
}

test('the reading is the beginning of what the run validates on, in whole characters', async () => {
  const characters = [...LINES];
  const engine = await createEngine();
  const { ask } = makeSession(async () => engine);
  const { info } = await ask('prepare', { config: CONFIG });
  const expected = characters.slice(info.trainChars, info.trainChars + 60).join('');
  expect(await readingOf(CONFIG, 60)).toBe(expected);
});

test('when nothing is held out it is the beginning of the text, and never more than there is', async () => {
  const all: LanguageConfig = { ...CONFIG, split: [1, 0, 0] };
  expect(await readingOf(all, 25)).toBe([...LINES].slice(0, 25).join(''));
  expect(await readingOf(all, 1e9)).toBe(LINES);
});

test('before there is a run there is nothing to read', async () => {
  const { send } = makeSession(async () => createEngine());
  await expect(send('reading', { length: 10 })).rejects.toMatchObject({ code: 'INTERNAL' });
});
