import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { fromBase64Url } from '../../web/bytes/base64url.js';
import { parseFlags } from '../../web/cli/flags.js';
import { numberFlag } from '../../web/cli/number-flag.js';
import { TableReport } from '../../web/cli/report.js';
import { configFromFlags, RUN_FLAGS } from '../../web/cli/run-flags.js';
import { createEngine, PreparedText } from '../../web/engine/index.js';
import { decodeUtf8, describeText, prepareText, splitText } from '../../web/engine/internal.js';
import { readMetadata, writeMetadata } from '../../web/engine/files/model-metadata.js';
import { parameterName } from '../../web/engine/files/parameter-names.js';
import { show as showInEngine } from '../../web/engine/arguments/show.js';
import { readClaim } from '../../web/links/claim.js';
import { unescapeValue } from '../../web/links/escape.js';
import { parseNumber } from '../../web/links/fields.js';
import { completeConfig, DEFAULTS, hasLink, MAX_LINK_LENGTH, readLink, writeLink } from '../../web/links/index.js';
import { nearest } from '../../web/links/nearest.js';
import { knownFields } from '../../web/links/run-config.js';
import { unseal } from '../../web/links/seal.js';
import { forReaders } from '../../web/page/app/refusals.js';
import { parseNumber as parseTyped } from '../../web/page/state/settings.js';
import { reportOf } from '../../web/tasks/reports.js';

const LENGTH = 100_000;
const MOST_MS = 50;

/** What is repeated until there are 100,000 characters. */
const PIECES = [
  ...['0', '9', '.', '0.', 'e', '1e', '-', '+', '%', '%4', '%41', '=', '&', 'a=', 'a=1&', '#', 'v=1&', 'k=', ',', '1,'],
  ...[
    ' ',
    '\t',
    '\n',
    '\r',
    '\r\n',
    '\0',
    '\x1b',
    '!',
    '"',
    '\\',
    '/',
    '_',
    ';',
    ':',
    '::',
    'a::',
    'a ',
    '[',
    ']',
    '{',
    '(',
  ],
  ...[
    'a',
    'Z',
    'aZ',
    'é',
    'e\u0301',
    '\u0301',
    '\u0301\u0316',
    '\u0344',
    '\u034f',
    '\u0f71\u0f74',
    '\u1100\u1161\u11a8',
  ],
  ...['\ud800', '\udc00', '\udc00\ud800', '😀', '👨‍👩‍👧', '\ufeff', '\u202e', '\u2028', '<', '<a '],
];
/** What stands before it and after it, so that an expression comes as far as it can before it fails. */
const BEFORE = ['', 'a', '1.', '1e', '-', 'v=1&', 'k=1.'];
const AFTER = ['', '!'];

const filled = (piece: string, length = LENGTH): string =>
  piece.repeat(Math.ceil(length / piece.length)).slice(0, length);

/** Milliseconds of the processor that this process has had: what else goes on in the machine does not count. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The time of the quickest of a few calls, as memory is tidied up now and then. */
function quickest(action: () => unknown): number {
  let best = Infinity;
  for (let attempt = 0; attempt < 5 && best >= MOST_MS; attempt++) {
    const begin = processorMs();
    try {
      action();
    } catch {
      // A refusal is an answer like any other.
    }
    best = Math.min(best, processorMs() - begin);
  }
  return best;
}

/** Texts on which the action takes too long. On a tenth it must not take long either, or this would wait for minutes. */
function slowOn(action: (text: string) => unknown, texts: readonly string[]): string[] {
  return texts.filter((text) => {
    const tenth = text.slice(0, LENGTH / 10) + text.slice(-1);
    return quickest(() => action(tenth)) >= MOST_MS || quickest(() => action(text)) >= MOST_MS;
  });
}
const beginnings = (texts: readonly string[]): string[] => texts.map((text) => JSON.stringify(text.slice(0, 12)));

/** Every regular expression that is written in the sources, except for those of the build. */
function expressions(): Map<string, RegExp> {
  const web = new URL('../../web/', import.meta.url);
  const files = readdirSync(web, { recursive: true, encoding: 'utf8' }).filter(
    (name) => /\.tsx?$/.test(name) && !/^build|\.test\.|\.d\.ts$/.test(name),
  );
  const found = new Map<string, RegExp>();
  for (const name of files) {
    const source = ts.createSourceFile(name, readFileSync(new URL(name, web), 'utf8'), ts.ScriptTarget.Latest);
    const walk = (node: ts.Node): void => {
      if (ts.isRegularExpressionLiteral(node)) {
        const end = node.text.lastIndexOf('/');
        const flags = node.text.slice(end + 1).replace('y', '');
        found.set(
          `${name} ${node.text}`,
          new RegExp(node.text.slice(1, end), flags.includes('g') ? flags : `${flags}g`),
        );
      }
      ts.forEachChild(node, walk);
    };
    walk(source);
  }
  return found;
}

const TEXTS = PIECES.flatMap((piece) =>
  BEFORE.flatMap((before) => AFTER.map((after) => before + filled(piece) + after)),
);

describe('every regular expression takes time by the length of the text', () => {
  const all = expressions();

  test('and they are found', () => {
    expect(all.size).toBeGreaterThan(20);
    expect([...all.keys()].filter((key) => key.startsWith('links/fields.ts'))).toHaveLength(2);
  });

  test('and the one that once took its square would be found', () => {
    const quadratic = /^-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
    expect(quickest(() => quadratic.test(`${filled('0', LENGTH / 4)}!`))).toBeGreaterThan(MOST_MS);
  });

  test.each([...all])('%s', (_, expression) => {
    // All matches are looked for, as the calls that replace and split do.
    expect(beginnings(slowOn((text) => text.replace(expression, ''), TEXTS))).toEqual([]);
  });
});

/** A report that draws a sample, without a terminal. */
function drawSample(text: string): void {
  const { write } = process.stdout;
  process.stdout.write = () => true;
  try {
    new TableReport(reportOf('language')).onEvent({ type: 'sample', step: 1, prompt: '', text }, null);
  } finally {
    process.stdout.write = write;
  }
}

const entry = (name: string, value: string): Map<string, string> =>
  new Map([...writeMetadata({ ...CONFIG }, [['unroll.vocabulary', '["a","b"]']], 1, {}), [`unroll.${name}`, value]]);
const CONFIG = {
  ...({ cell: 'lstm', init: 'pytorch' } as const),
  ...{ hiddenSize: 1, numLayers: 1, embeddingDim: 0, dropout: 0, forgetBias: 0, seed: 1 },
};
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const engine = await createEngine();

/** A safetensors file with this header. */
function fileWith(header: string): Uint8Array {
  const bytes = utf8(header);
  const file = new Uint8Array(8 + bytes.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(bytes.length), true);
  file.set(bytes, 8);
  return file;
}

/** Everything that is handed text of others, by where that comes from. */
const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  'a link: is there one': hasLink,
  'a link: a number': parseNumber,
  'a link: the seal': (text) => unseal(1, `k=${text}`),
  'a link: the claim': (text) => readClaim(text, 3),
  'a link: escapes': (text) => unescapeValue('prompt', text),
  'a link: base64url': fromBase64Url,
  'a link: a word that was meant': (text) =>
    nearest(
      text,
      RUN_FLAGS.map(({ name }) => name),
    ),
  'a configuration': (text) =>
    completeConfig({ text, cell: text, hiddenSize: text, split: [text, text, text], prompt: text }),
  'a configuration: an own text': (text) => completeConfig({ text: { own: text } }),
  'a configuration: an unknown key': (text) => completeConfig({ [text]: 1 } as object),
  'a command line': (text) => parseFlags([text, `--${text}`, `--lr=${text}`], RUN_FLAGS),
  'a command line: a number': (text) => numberFlag(new Map([['lr', text]]), 'lr', 1, { min: 0, max: 1 }),
  'a command line: a run': (text) => configFromFlags(new Map(knownFields().map(({ name }) => [name, text])), 'names'),
  'a command line: a sample': drawSample,
  'a field of the page': parseTyped,
  'a refusal on the page': forReaders,
  'a text': prepareText,
  'a text: its different characters': (text) =>
    describeText(engine, new PreparedText(utf8(text) as Uint8Array<ArrayBuffer>)),
  'a text: its parts': (text) => splitText(engine, text, [0.8, 0.1, 0.1]),
  'a text: a file': (text) => decodeUtf8(utf8(text)),
  'a text: a file with a byte that is wrong': (text) => decodeUtf8(utf8(text).fill(0xff, -1)),
  'a model file: its header': (text) => engine.readSafetensors(fileWith(text)),
  'a model file: a name': (text) => engine.readSafetensors(fileWith(`{"${text}":{}}`)),
  'a model file: an entry': (text) => engine.readSafetensors(fileWith(`{"__metadata__":{"a":"${text}"}}`)),
  'a model file: its version': (text) => readMetadata(entry('version', text)),
  'a model file: its configuration': (text) => readMetadata(entry('config', text)),
  'a model file: its vocabulary': (text) => readMetadata(entry('vocabulary', text)),
  'a model file: its vocabulary in JSON': (text) => readMetadata(entry('vocabulary', JSON.stringify([text, ...text]))),
  'a model file: a note': (text) => writeMetadata(CONFIG, [], 1, { [text]: text }),
  'a model file: a parameter': parameterName,
  'a vocabulary': (text) => engine.createLanguageModel({ hiddenSize: 1, vocabulary: text }).delete(),
  'a value in a message': showInEngine,
};

describe('every reader of foreign text takes time by its length', () => {
  const texts = PIECES.map((piece) => `${filled(piece)}!`);

  test.each(Object.entries(READERS))('%s', (_, read) => {
    // Compiled now, as it would be; and no refusal gets long.
    for (const text of texts) {
      try {
        read(text.slice(0, LENGTH / 10));
      } catch (error) {
        // A configuration says what is wrong with each of its values.
        expect((error as Error).message.length).toBeLessThan(2500);
      }
    }
    expect(beginnings(slowOn(read, texts))).toEqual([]);
  });
});

describe('a link of the greatest length is read or refused at once', () => {
  const room = MAX_LINK_LENGTH - 30;
  const written = (key: string, piece: string, after: string): string =>
    `#v=1&${key}=${encodeURIComponent(filled(piece, room).toWellFormed()).slice(0, room)}${after}`;
  const raw = (key: string, piece: string, after: string): string => `#v=1&${key}=${filled(piece, room)}${after}`;

  test.each([...knownFields().map(({ name }) => name), 't', 'e', 'k', 'v', 'x', ''])('with "%s"', async (key) => {
    const links = PIECES.flatMap((piece) =>
      ['', '!'].flatMap((after) => [written(key, piece, after), raw(key, piece, after)]),
    );
    for (const link of links) {
      let best = Infinity;
      for (let attempt = 0; attempt < 5 && best >= MOST_MS; attempt++) {
        const begin = processorMs();
        const error = await readLink(link).then(
          () => null,
          (reason: unknown) => reason as Error,
        );
        best = Math.min(best, processorMs() - begin);
        expect(error?.message.length ?? 0).toBeLessThan(500);
      }
      expect(best, link.slice(0, 30)).toBeLessThan(MOST_MS);
    }
  });

  test('and so is one that is written', async () => {
    for (const text of PIECES.map((piece) => filled(piece))) {
      const extra = new Map([['x', text]]);
      const error = await writeLink({ config: DEFAULTS, extra }).catch((reason: unknown) => reason);
      expect(error instanceof Error ? error.message.length : 0).toBeLessThan(500);
    }
  });
});
