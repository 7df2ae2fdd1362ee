import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { jsonLines, temporaryFolder, unroll } from './cli.js';

const SMALL = [
  '--text',
  'counting',
  '--hidden',
  '12',
  '--batch',
  '8',
  '--seq',
  '16',
  '--steps',
  '60',
  '--eval-every',
  '0',
];
const IN_USE = 'unroll: the fast build, which agrees with the strict one but for its last bits\n';

it('train --fast says that it is, comes close to strict, and makes a link that asks for it and claims nothing', async () => {
  const [strict] = jsonLines(await unroll('train', ...SMALL, '--json')).slice(-1);
  const outcome = await unroll('train', ...SMALL, '--fast', '--json');
  expect(outcome).toMatchObject({ code: 0, stderr: IN_USE });
  const [fast] = jsonLines(outcome).slice(-1);
  expect([strict!['build'], fast!['build']]).toEqual(['strict', 'fast']);
  expect(fast!['test_loss']).toBeCloseTo(strict!['test_loss'] as number, 3);
  expect(strict!['link']).toMatch(/&e=1\.60\.[0-9a-f]{16}&/);
  expect(fast!['link']).toMatch(/&fast=1&/);
  expect(fast!['link']).not.toContain('&e=');

  const again = await unroll('run', fast!['link'] as string);
  expect(again).toMatchObject({ code: 0, stderr: IN_USE });
  expect(again.stdout).toContain(`weights   ${fast!['fingerprint'] as string}, by the fast build: other machines may`);
});

it('run --fast does not check what a link claims, and says so', async () => {
  const link = '#v=1&text=counting&hidden=8&steps=20&e=1.10.0123456789abcdef';
  expect((await unroll('run', link, '--json')).code).toBe(1);
  const outcome = await unroll('run', link, '--fast', '--json');
  expect(outcome).toMatchObject({
    code: 0,
    stderr: `${IN_USE}unroll: the link's result was not checked: it is about the strict build, and this run was fast\n`,
  });
  expect(jsonLines(outcome).at(-1)).toMatchObject({ claim: 'fast-build', build: 'fast' });
});

it('generate and evaluate have it too', async () => {
  const out = join(temporaryFolder(), 'model.safetensors');
  await unroll('train', ...SMALL, '--out', out);
  const measure = ['evaluate', '--model', out, '--text', 'counting', '--json'];
  const [strict, fast] = [await unroll(...measure), await unroll(...measure, '--fast')];
  expect([strict.stderr, fast.stderr]).toEqual(['', IN_USE]);
  expect(jsonLines(fast)[0]).toMatchObject({ build: 'fast' });
  expect(jsonLines(fast)[0]!['loss']).toBeCloseTo(jsonLines(strict)[0]!['loss'] as number, 4);
  const written = await unroll('generate', '--model', out, '--prompt', 'a', '--length', '30', '--fast');
  expect(written).toMatchObject({ code: 0, stderr: IN_USE });
  expect(written.stdout.trimEnd().length).toBeGreaterThan(20);
});

it('an installation without the fast module is strict with a note, and then checks what a link claims', async () => {
  const folder = temporaryFolder();
  cpSync(fileURLToPath(new URL('../../build/lib', import.meta.url)), join(folder, 'lib'), { recursive: true });
  rmSync(join(folder, 'lib/engine/wasm/unroll-fast.wasm'));
  const [strict] = jsonLines(await unroll('train', ...SMALL, '--json')).slice(-1);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(folder, 'lib/cli/main.js'), 'run', strict!['link'] as string, '--fast', '--json'],
    { encoding: 'utf8' },
  );
  expect(stderr).toMatch(/^unroll: the fast module is not there: .*, so the strict build is used\n$/);
  expect(status).toBe(0);
  expect(JSON.parse(stdout.trimEnd().split('\n').at(-1)!)).toMatchObject({ build: 'strict', claim: 'matches' });
});

/** A program that tells what an engine that was asked to be fast has become, in a Node of its own. */
function tellBuild(...nodeFlags: string[]): string {
  const library = new URL('../../build/lib/engine/index.js', import.meta.url).href;
  const program = `
    import { createEngine } from ${JSON.stringify(library)};
    const engine = await createEngine({ build: 'fast' });
    console.log(engine.buildInfo().build, engine.fallback?.code);`;
  const args = [...nodeFlags, '--input-type=module', '--eval', program];
  return spawnSync(process.execPath, args, { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } }).stdout;
}

const wantsFlag = Number(process.versions.node.split('.')[0]) < 21;

it('the library uses the fast build in a Node that has relaxed SIMD', () => {
  expect(tellBuild(...(wantsFlag ? ['--experimental-wasm-relaxed-simd'] : []))).toBe('fast undefined\n');
});

it.runIf(wantsFlag)('the library sets no flag of its host: in Node 20 without one it is strict', () => {
  expect(tellBuild()).toBe('strict NO_RELAXED_SIMD\n');
});
