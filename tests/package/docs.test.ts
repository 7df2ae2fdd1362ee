import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { expect, it, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const api = join(root, 'dist/api');
const pages = (readdirSync(api, { recursive: true }) as string[]).filter((name) => name.endsWith('.html'));
const read = (...parts: string[]): string => readFileSync(join(...parts), 'utf8');

const examples = ['start.md', 'lecture.md'].flatMap((name) =>
  [...read(root, 'web/docs', name).matchAll(/```js\n(.*?)```.*?```\n(.*?)```/gs)].map(
    ([, program, output]) => [name, program!, output!] as const,
  ),
);

it('has three examples', () =>
  expect(examples.map(([name]) => name)).toEqual(['start.md', 'lecture.md', 'lecture.md']));

test.each(examples)('the example in %s prints what the page says', async (_, program, output) => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: root,
  });
  expect(stdout).toBe(output);
});

it('has a page for everything that the library exports', () => {
  const index = read(root, 'web/engine/index.ts');
  const names = [...index.matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap(([, list]) => list!.match(/\w+/g)!);
  expect(names.length).toBeGreaterThan(70);
  const described = new Set(pages.map((page) => /^\w+\/(\w+)\.html$/.exec(page)?.[1]));
  expect(names.filter((name) => !described.has(name))).toEqual([]);
});

it('has a page for every header of the engine, with its equations', () => {
  const headers = (readdirSync(join(root, 'cpp/unroll'), { recursive: true }) as string[]).filter((name) =>
    name.endsWith('.h'),
  );
  expect(headers.length).toBeGreaterThan(50);
  const pageOf = (header: string): string => `documents/${header.replace(/[^\w.]/g, '_')}.html`;
  expect(headers.map(pageOf).filter((page) => !pages.includes(page))).toEqual([]);
  const text = read(api, pageOf('nn/cell.h')).replace(/<[^>]*>/g, '');
  expect(text).toContain('c[t] = f * c[t-1] + i * g');
  expect(text).toContain('Hochreiter and Schmidhuber, Long short-term memory, 1997');
});

it('keeps the lines of equations', () => {
  const text = read(api, 'types/Cell.html');
  expect(text).toMatch(/<pre><code[^>]*>rnn_tanh, rnn_relu\n {2}h\[t\] = act\(W_ih x\[t\] \+ b_ih/);
});

it('links to nothing that is not there, and loads nothing from elsewhere', () => {
  for (const page of pages) {
    const html = read(api, page);
    for (const [, kind, address] of html.matchAll(/<[^>]*?\b(href|src)="([^"#?]*)[^"]*"/g)) {
      if (/^(https?:|data:)/.test(address!)) {
        expect(kind, `${page}: ${address}`).toBe('href');
        continue;
      }
      const target = resolve(join(api, dirname(page)), decodeURI(address!));
      expect(address === '' || existsSync(target), `${page}: ${address}`).toBe(true);
    }
    expect(html).not.toMatch(/<(script|link|img|iframe)[^>]*"https?:/);
    expect(html).toContain("default-src 'none'");
  }
});
