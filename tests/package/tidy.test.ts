import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** What git has, or would take with the next `git add`. */
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root })
  .toString()
  .split('\n')
  .filter(Boolean);

it('the root holds only what has to lie there', () => {
  const expected = [
    ...['.ci', 'cpp', 'docs', 'tests', 'web'],
    ...['LICENSE', 'NOTICES.md', 'README.md', 'CMakeLists.txt'],
    ...['package.json', 'package-lock.json', '.npmrc', '.gitignore'],
    ...['.clang-format', '.prettierignore', '.prettierrc.json', 'eslint.config.js'],
    ...['tsconfig.json', 'tsconfig.package.json', 'vite.config.ts', 'vitest.config.ts'],
  ];
  const present = [...new Set(tracked.map((file) => file.split('/')[0]!))];
  expect(present.filter((name) => !expected.includes(name))).toEqual([]);
});

it('the lock file names no host to download from, and no package that runs a script when installed', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Record<string, unknown>> };
  const entries = Object.entries(packages);
  expect(entries.length).toBeGreaterThan(100);
  expect(entries.filter(([, entry]) => 'resolved' in entry).map(([name]) => name)).toEqual([]);
  expect(entries.filter(([, entry]) => entry['hasInstallScript'] === true).map(([name]) => name)).toEqual([]);
});

it('no file names a folder of the machine that it was written on', () => {
  // Written in pieces, so that this file does not name them.
  const folders = ['home', 'work', 'Users', 'root'].map((name) => `/${name}/`);
  const path = new RegExp(`(?<![\\w./@-])(${folders.join('|')})[\\w.-]`);
  const isText = (file: string): boolean => !/\.(png|safetensors|wasm|ico)$/.test(file);
  expect(tracked.filter((file) => isText(file) && path.test(read(file)))).toEqual([]);
});

it('the published package has no run-time dependency', () => {
  const manifest = JSON.parse(read('package.json')) as Record<string, unknown>;
  for (const kind of ['dependencies', 'peerDependencies', 'optionalDependencies']) {
    expect(manifest).not.toHaveProperty(kind);
  }
});

it('every program that a script of package.json starts is there', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const programs = Object.values(scripts).flatMap((script) => script.match(/\S+\.mjs/g) ?? []);
  expect(programs.length).toBeGreaterThan(5);
  expect(programs.filter((file) => !tracked.includes(file))).toEqual([]);
});
