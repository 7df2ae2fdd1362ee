import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const readme = await readFile(`${root}/README.md`, 'utf8');

it('the example prints what the README says', async () => {
  const [, program, output] = /```js\n(.*?)```.*?```\n(.*?)```/s.exec(readme)!;
  // A package may import itself by name; this one does it from its own root.
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program!], {
    cwd: root,
  });
  expect(stdout).toBe(output);
});

it('every script and file that the README names exists', async () => {
  const { scripts } = JSON.parse(await readFile(`${root}/package.json`, 'utf8')) as { scripts: Record<string, string> };
  const named = [...readme.matchAll(/(?:^|`)npm (?:run )?(?:-s )?(\w+)/gm)].map(([, name]) => name!);
  expect(named.length).toBeGreaterThan(4);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
  const paths = [...readme.matchAll(/\b(?:cpp|web|tests)(?:\/[\w.-]+)+/g)].map(([path]) => path);
  expect(paths.length).toBeGreaterThan(10);
  // The file that a reader is told to write does not exist.
  expect(paths.filter((path) => !existsSync(`${root}/${path}`) && !path.includes('mycell'))).toEqual([]);
});
