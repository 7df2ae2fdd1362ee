import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { eventually } from './support/eventually.js';
import { Instrument } from './support/instrument.js';
import { SMALL, useSite } from './support/site.js';

const visit = useSite();

/** Enough for small batches, and nothing like a bundled text. */
const VERSES = 'Der Mond ist aufgegangen, die goldnen Sternlein prangen am Himmel hell und klar. '.repeat(60);

async function paste(page: Page, text: string): Promise<void> {
  await new Instrument(page).choose('Your own');
  await page.getByRole('textbox', { name: /^Paste a text/ }).fill(text);
  await page.getByRole('button', { name: 'Use this text' }).click();
}

async function chooseFile(page: Page, name: string, bytes: Uint8Array): Promise<void> {
  await new Instrument(page).choose('Your own');
  const file = { name, mimeType: 'text/plain', buffer: Buffer.from(bytes) };
  await page.locator('.own-text input[type=file]').setInputFiles(file);
}

async function drop(page: Page, files: readonly { name: string; text: string }[]): Promise<void> {
  const data = await page.evaluateHandle((given) => {
    const transfer = new DataTransfer();
    for (const { name, text } of given) transfer.items.add(new File([text], name));
    return transfer;
  }, files);
  for (const type of ['dragenter', 'dragover', 'drop']) await page.dispatchEvent('main', type, { dataTransfer: data });
}

const excerpt = (page: Page): Promise<string> => page.locator('.excerpt').innerText();
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

test('a pasted text is trained on, and travels in the link', async () => {
  const { page } = await visit({ link: SMALL.replace('steps=300', 'steps=60') });
  const instrument = new Instrument(page);
  await instrument.ready();
  await paste(page, VERSES);
  await page.locator('.excerpt', { hasText: 'Der Mond' }).waitFor();
  await instrument.ready();
  await instrument.press('Train');
  await instrument.finished();
  const fingerprint = await instrument.fingerprint();

  await instrument.fragment('&t=');
  await page.reload();
  await instrument.ready();
  await eventually(() => excerpt(page)).toContain('Der Mond ist aufgegangen');
  await instrument.press('Train');
  await instrument.finished();
  await eventually(() => instrument.fingerprint()).toBe(fingerprint);
});

test('a chosen file is read, with its line ends and accents made uniform', async () => {
  const { page } = await visit({ link: SMALL });
  await new Instrument(page).ready();
  await chooseFile(page, 'gedicht.txt', encode(`Me\u0301lodie\r\n${VERSES}`));
  await eventually(() => excerpt(page)).toMatch(/^Mélodie\nDer Mond/);
});

test('a dropped file is read', async () => {
  const { page } = await visit({ link: SMALL });
  await new Instrument(page).ready();
  await drop(page, [{ name: 'gedicht.txt', text: VERSES }]);
  await eventually(() => excerpt(page)).toContain('Der Mond');
});

test('several files at once are not guessed about', async () => {
  const { page } = await visit({ link: SMALL });
  const instrument = new Instrument(page);
  await instrument.ready();
  await drop(page, [
    { name: 'a.txt', text: VERSES },
    { name: 'b.txt', text: VERSES },
  ]);
  await eventually(() => instrument.problem('.panel').innerText()).toContain('drop one');
  const shown = await excerpt(page);
  expect(shown).toContain('Analiese');
});

test.each([
  ['an empty file', 'leer.txt', new Uint8Array(0), /leer\.txt is empty/],
  [
    'a file in Latin-1',
    'alt.txt',
    Uint8Array.from([...encode(VERSES), 0xe9, 0x20]),
    /not UTF-8 text.*save it as UTF-8/i,
  ],
  ['a file in UTF-16', 'breit.txt', Uint8Array.from([0xff, 0xfe, 65, 0, 66, 0]), /UTF-16/],
  ['a picture', 'bild.png', Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0]), /not UTF-8 text/],
  ['a text of one character', 'x.txt', encode('x'), /at least two characters/],
  [
    'a text shorter than a batch',
    'kurz.txt',
    encode('too short for this'),
    /too short: a step reads 16 × 24 characters, .* about 428/,
  ],
])('%s is refused in a sentence beside the control, and nothing changes', async (_, name, bytes, sentence) => {
  const { page } = await visit({ link: SMALL });
  const instrument = new Instrument(page);
  await instrument.ready();
  const before = await instrument.sample();
  await chooseFile(page, name, bytes);
  const problem = instrument.problem('.panel');
  await eventually(() => problem.innerText()).toMatch(sentence);
  await page.getByRole('button', { name: 'Keep the old text' }).click();
  await problem.waitFor({ state: 'detached' });
  const shown = [await excerpt(page), await instrument.sample()];
  expect(shown).toEqual([expect.stringContaining('Analiese'), before]);
});

test('a file that is too large is refused by its size alone, before it is read', async () => {
  const { page } = await visit({ link: SMALL });
  const instrument = new Instrument(page);
  await instrument.ready();
  await instrument.choose('Your own');
  await page.locator('.own-text').waitFor();
  // A file that says it is large and cannot be read at all.
  await page.evaluate(() => {
    const file = new File(['x'], 'riese.txt');
    Object.defineProperty(file, 'size', { value: 33 * 1024 * 1024 });
    Object.defineProperty(file, 'arrayBuffer', { value: () => Promise.reject(new Error('it was read')) });
    const input = document.querySelector<HTMLInputElement>('.own-text input[type=file]')!;
    Object.defineProperty(input, 'files', { value: [file], configurable: true });
    input.dispatchEvent(new Event('change', { bubbles: true }));
  });
  await eventually(() => instrument.problem('.panel').innerText()).toMatch(
    /riese\.txt is 34\.6 MB; a text may be at most 33\.6 MB/,
  );
});

test('a text too long for a link leaves no link that would open something else', async () => {
  const { page } = await visit({ link: SMALL });
  const instrument = new Instrument(page);
  await instrument.ready();
  const letters = Array.from({ length: 300_000 }, (_, i) => String.fromCharCode(97 + ((i * i * 7919 + i) % 26))).join(
    '',
  );
  await chooseFile(page, 'lang.txt', encode(letters));
  await page.locator('.header-link .hint', { hasText: 'a link holds at most 256 kB' }).waitFor();
  await eventually(() => instrument.address()).toBe('');
});
