import { expect, test } from 'vitest';
import * as links from '../../web/links/index.js';
import { DEFAULTS, LinkError } from '../../web/links/index.js';
import { disguised, strangers } from '../engine/odd-values.js';

type Call = (it: never) => unknown;

/** Every function with a place for something hostile, and what is valid there. */
const CALLS: Readonly<Record<string, readonly [Call, unknown]>> = {
  'completeConfig(it)': [links.completeConfig, DEFAULTS],
  'completeConfig({ split: it })': [(split) => links.completeConfig({ split }), [0.8, 0.1, 0.1]],
  'completeConfig({ text: it })': [(text) => links.completeConfig({ text }), { own: 'a text' }],
  'defaultsOf(it)': [links.defaultsOf, 'language'],
  'describeRange(it)': [links.describeRange, 'learningRate'],
  'findProblems(it)': [links.findProblems, DEFAULTS],
  'hasLink(it)': [links.hasLink, '#v=1'],
  'readLink(it)': [links.readLink, '#v=1&cell=gru'],
  'writeLink(it)': [links.writeLink, { config: DEFAULTS, claim: null, extra: new Map([['x', '1']]) }],
  'writeLink({ claim: it })': [
    (claim) => links.writeLink({ config: DEFAULTS, claim }),
    { generation: 1, step: 1, fingerprint: '0123456789abcdef' },
  ],
  'linkBudget(it)': [links.linkBudget, 3000],
};

test('every function is in the table', () => {
  const functions = Object.entries(links).filter(
    ([name, value]) => typeof value === 'function' && name !== 'LinkError',
  );
  const missing = functions.filter(([name]) => !Object.keys(CALLS).some((label) => label.startsWith(`${name}(`)));
  expect(missing).toEqual([]);
});

test.each(Object.entries(CALLS))(
  '%s refuses what is hostile with a LinkError, or it does no harm',
  async (_, [call, valid]) => {
    let refusals = 0;
    for (const hostile of [...strangers(), ...disguised(valid)]) {
      try {
        await call(hostile as never);
      } catch (error) {
        expect(error).toBeInstanceOf(LinkError);
        expect((error as LinkError).message.length).toBeLessThan(2500);
        refusals++;
      }
    }
    if (!_.startsWith('findProblems')) expect(refusals).toBeGreaterThan(10);
    await call(valid as never);
  },
);

test('a configuration is read once, so that what is checked is what is returned', () => {
  let asked = 0;
  const split = new Proxy([0.8, 0.1, 0.1], {
    get: (list, name) => (name === '0' && asked++ > 0 ? 7 : Reflect.get(list, name)),
  });
  expect(() => links.completeConfig({ split })).toThrow(LinkError);
  const values = Object.defineProperty({}, 'hiddenSize', {
    enumerable: true,
    get: () => (asked++ % 2 === 0 ? 8 : 1e9),
  });
  const { hiddenSize: hidden } = links.completeConfig(values);
  expect(hidden === 8 || hidden === 1e9).toBe(true);
});

test.each([7, null, undefined, {}, Symbol('s')])('readLink() refuses %s as no text', async (value) => {
  await expect(links.readLink(value as never)).rejects.toThrow('This link cannot be read: it is ');
});
