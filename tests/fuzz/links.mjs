import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';

import fc from 'fast-check';

import * as links from '../../build/lib/links/index.js';

/**
 * Whatever the text: readLink refuses it with a known code, or opens what is written and read again to the same run; in
 * either case soon. Started by run.mjs: `links.mjs SECONDS FOLDER`, where a text that fails is kept, or
 * `links.mjs --replay FILE`.
 */

const CODES = ['LINK_DAMAGED', 'LINK_TRUNCATED', 'LINK_NEWER', 'LINK_TOO_LONG', 'INVALID_CONFIG'];
/** Far more than any text needs, for machines that do something else besides. */
const MOST_MS = 2000;

async function check(text) {
  const opened = await refusedOr(text, () => inTime(text, links.readLink));
  if (opened === undefined) return;
  const { config, claim, extra } = opened;
  const written = await refusedOr(text, () => links.writeLink(opened), 'LINK_TOO_LONG');
  if (written === undefined) return assert(text.length > 10_000, 'a short link became too long to write');
  const again = await links.readLink(written);
  assert.deepEqual([again.config, again.claim, again.extra], [config, claim, extra]);
  assert.equal(await links.writeLink(again), written);
}

async function inTime(text, read) {
  const start = performance.now();
  try {
    return await read(text);
  } finally {
    const ms = performance.now() - start;
    assert(ms <= MOST_MS, `${text.length} characters took ${ms.toFixed(0)} ms`);
  }
}

/** What an action comes to, or nothing when it was refused as it may be. */
async function refusedOr(text, action, ...codes) {
  try {
    return await action();
  } catch (error) {
    if (error instanceof links.LinkError && (codes.length > 0 ? codes : CODES).includes(error.code)) return undefined;
    throw error;
  }
}

const names = Object.keys(links.DEFAULTS).map((key) => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
const key = fc.oneof(
  fc.constantFrom(...names, 't', 'e', 'k', 'v', 'title'),
  fc.stringMatching(/^[a-z][a-z0-9-]{0,9}$/),
);
/** Few characters, over and over: what a slow expression goes back over. */
const long = fc
  .tuple(
    fc.constantFrom(...'0189.,-+eE%=&#k_~!aA', '%41', '0.', '1e', '=&', 'é'),
    fc.nat(65_000),
    fc.constantFrom('', '!', '%', ' '),
  )
  .map(([piece, length, end]) => piece.repeat(length / piece.length) + end);
const number = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(0, 1, 2 ** 53, 1e-9, -0)).map(String);
const packed = fc
  .oneof(fc.string({ unit: 'grapheme', maxLength: 400 }), fc.uint8Array({ maxLength: 40 }))
  .map((bytes) => deflateRawSync(Buffer.from(bytes)).toString('base64url'));
const claim = fc
  .tuple(fc.nat(3), fc.nat(4000), fc.bigInt(0n, 2n ** 64n - 1n))
  .map(([g, s, f]) => `${g}.${s}.${f.toString(16).padStart(16, '0')}`);
const word = fc.constantFrom('moby-dick', 'names', ...links.CELLS, ...links.OPTIMIZERS, '0', '1', 'true', '.8,.1,.1');
const value = fc.oneof(
  { arbitrary: word, weight: 4 },
  { arbitrary: number, weight: 4 },
  { arbitrary: fc.string({ maxLength: 30 }).map(encodeURIComponent), weight: 3 },
  packed,
  claim,
  long,
);
const body = fc
  .array(fc.tuple(key, value), { maxLength: 6 })
  .map((pairs) => pairs.map((pair) => pair.join('=')).join('&'));
const sealed = (text) => {
  const checksum = crc32(`v=1&k=${text.length}&${text}`).toString(16).padStart(8, '0');
  return `#v=1&k=${text.length}.${checksum}&${text}`;
};
const whole = fc.oneof(
  body.map((text) => `#v=1&${text}`),
  body.map(sealed),
  fc.tuple(fc.webUrl(), body).map(([url, text]) => `${url}#v=1&${text}`),
);
/** A link in which something was cut, put in or changed. */
const changed = fc
  .tuple(
    whole,
    fc.nat(200),
    fc.nat(20),
    fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom('&', '=', '%', '#', 'k=', '\u0000')),
  )
  .map(([text, at, length, put]) => text.slice(0, at) + put + text.slice(at + length));

const anyText = fc.oneof({ arbitrary: whole, weight: 6 }, { arbitrary: changed, weight: 4 }, fc.string(), long);

async function search(seconds, folder) {
  const outcome = await fc.check(fc.asyncProperty(anyText, check), {
    numRuns: 2 ** 31 - 1,
    interruptAfterTimeLimit: 1000 * seconds,
  });
  console.log(`${outcome.numRuns} links (seed ${outcome.seed})`);
  if (!outcome.failed || outcome.counterexample === null) return;
  const [text] = outcome.counterexample;
  const file = join(folder, `links-crash-${createHash('sha1').update(text).digest('hex')}`);
  writeFileSync(file, text);
  console.log(`${outcome.errorInstance?.stack}\nTest unit written to ${file}`);
  process.exitCode = 1;
}

const [first, second] = process.argv.slice(2);
await (first === '--replay' ? check(readFileSync(second, 'utf8')) : search(Number(first), second));
