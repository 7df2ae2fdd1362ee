import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const execute = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const bin = (name: string): string => join(root, 'node_modules/.bin', name);

let folder: string;
let tarball: string;
/** Runs a program in the folder of somebody who has only installed the package. */
const inProject = async (command: string, ...args: string[]): Promise<string> =>
  (await execute(command, args, { cwd: join(folder, 'project') })).stdout;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unroll-package-'));
  const project = join(folder, 'project');
  await mkdir(project);
  await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
  // The package is built already: no script needs to run.
  await execute('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root });
  tarball = join(
    folder,
    (await readdir(folder)).find((name) => name.endsWith('.tgz'))!,
  );
  await inProject('npm', 'install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', tarball);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the packed package', () => {
  it('brings no other package with it', async () => {
    const installed = (await readdir(join(folder, 'project/node_modules'))).filter((name) => !name.startsWith('.'));
    expect(installed).toEqual(['unroll']);
  });

  it('trains and writes in plain Node', async () => {
    await writeFile(
      join(folder, 'project/train.js'),
      `import { createEngine } from 'unroll';
       const engine = await createEngine();
       const trainer = engine.createTrainer({ hiddenSize: 16, batchSize: 2, seqLen: 8, optimizer: { kind: 'adam', learningRate: 0.02 } }, 'to be or not to be, '.repeat(20));
       const { losses } = trainer.trainSlice(60, Infinity);
       const model = trainer.model();
       console.log(JSON.stringify({ fell: losses.at(-1) < losses[0] / 2, text: model.generate({ prompt: 'to ', length: 12, greedy: true }) }));
       model.delete();
       trainer.delete();`,
    );
    const { fell, text } = JSON.parse(await inProject(process.execPath, 'train.js')) as { fell: boolean; text: string };
    expect(fell).toBe(true);
    expect([...text]).toHaveLength(12);
  });

  it('has every entry that it names', async () => {
    const entries = `
      const names = ['unroll', 'unroll/internal', 'unroll/sequences', 'unroll/links', 'unroll/run', 'unroll/parallel'];
      for (const name of names) if (Object.keys(await import(name)).length === 0) throw new Error(name);
      const { readFile } = await import('node:fs/promises');
      const { setFlagsFromString } = await import('node:v8');
      const { createEngine, hasRelaxedSimd } = await import('unroll');
      if (!hasRelaxedSimd()) setFlagsFromString('--experimental-wasm-relaxed-simd');
      for (const name of ['unroll/unroll.wasm', 'unroll/unroll.deferred.wasm', 'unroll/unroll-fast.wasm']) {
        const bytes = await readFile(new URL(import.meta.resolve(name)));
        console.log(WebAssembly.validate(bytes));
      }
      console.log((await createEngine({ build: 'fast' })).buildInfo().build);`;
    expect(await inProject(process.execPath, '--input-type=module', '-e', entries)).toBe('true\ntrue\ntrue\nfast\n');
  });

  it('has a command line', async () => {
    const { version } = (await import('../../package.json', { with: { type: 'json' } })).default;
    expect(await inProject(join(folder, 'project/node_modules/.bin/unroll'), '--version')).toContain(version);
  });

  it('has types that catch a wrong name', async () => {
    const project = join(folder, 'project');
    await writeFile(
      join(project, 'use.ts'),
      `import { createEngine, type Trainer } from 'unroll';
       const engine = await createEngine();
       const trainer: Trainer = engine.createTrainer({ cell: 'gru', hiddenSize: 8 }, 'text');
       const losses: Float64Array = trainer.trainSlice(1, 50).losses;
       losses.fill(0);
       // @ts-expect-error: there is no such cell
       engine.createTrainer({ cell: 'transformer' }, 'text');
       // @ts-expect-error: it is called hiddenSize
       engine.createTrainer({ hidden_size: 8 }, 'text');\n`,
    );
    const options = ['--strict', '--noEmit', '--target', 'es2022', '--lib', 'es2024,esnext.disposable,dom'];
    for (const resolution of ['NodeNext', 'Bundler']) {
      const module = resolution === 'Bundler' ? 'ESNext' : resolution;
      const how = ['--ignoreConfig', '--module', module, '--moduleResolution', resolution];
      await expect(inProject(bin('tsc'), ...options, ...how, 'use.ts')).resolves.toBe('');
    }
  });

  it('satisfies publint', async () => {
    const { publint } = await import('publint');
    const { messages } = await publint({ pkgDir: join(folder, 'project/node_modules/unroll'), strict: true });
    expect(messages).toEqual([]);
  });

  it('has types that every way of resolving modules finds', async () => {
    // CommonJS gets the warning that it has to import(); the package is ES modules alone.
    await inProject(
      bin('attw'),
      '--no-emoji',
      '--no-color',
      '--profile',
      'esm-only',
      '--exclude-entrypoints',
      'unroll.wasm',
      'unroll.deferred.wasm',
      'unroll-fast.wasm',
      '--',
      tarball,
    );
  });
});
