import { chmodSync, cpSync, readdirSync, rmSync } from 'node:fs';

import { run } from '../../cpp/toolchain/command.mjs';
import { inRoot, root } from './paths.mjs';
import { buildStep } from './step.mjs';

/** Entries whose small dependencies are bundled in, so that the published package has none. */
const bundled = ['links/index', 'run/index', 'parallel/index', 'parallel/worker', 'cli/main'];

/** The published package: the library as tsc writes it, with the module, the texts and the command line. */
export async function buildPackage() {
  await buildStep({
    name: 'package',
    inputs: ['web/engine', 'web/links', 'web/tasks', 'web/run', 'web/parallel', 'web/cli', 'web/bytes', 'web/corpora', 'tsconfig.package.json', 'web/build/package.mjs', 'package.json'],
    outputs: ['build/lib/engine/index.js', 'build/lib/cli/main.js'],
    action: async () => {
      const lib = inRoot('build/lib');
      rmSync(lib, { recursive: true, force: true });
      run(inRoot('node_modules/.bin/tsc'), ['-p', inRoot('tsconfig.package.json')], { cwd: root });
      cpSync(inRoot('web/engine/wasm'), inRoot('build/lib/engine/wasm'), { recursive: true });
      cpSync(inRoot('web/corpora/texts'), inRoot('build/lib/corpora/texts'), { recursive: true });
      await bundle(lib);
      removeBundledParts(lib);
      chmodSync(inRoot('build/lib/cli/main.js'), 0o755);
    },
  });
}

/** Replaces each bundled entry by one file that imports only Node and the engine. */
async function bundle(lib) {
  const { rolldown } = await import('rolldown');
  for (const entry of bundled) {
    const file = `${lib}/${entry}.js`;
    const bundle = await rolldown({
      input: file,
      platform: 'node',
      external: (id) => id.startsWith('node:') || /\/engine\/([a-z-]+|wasm\/unroll)\.js$/.test(id),
    });
    await bundle.write({ file, format: 'esm', codeSplitting: false });
    await bundle.close();
  }
}

/** What went into the bundles is not shipped a second time. The declarations stay: the entries' refer to them. */
function removeBundledParts(lib) {
  for (const folder of ['bytes', 'cli', 'corpora', 'links', 'parallel', 'run', 'tasks']) {
    for (const name of readdirSync(`${lib}/${folder}`, { recursive: true })) {
      const isPart = name.endsWith('.js') && !bundled.includes(`${folder}/${name.slice(0, -3)}`);
      if (isPart) rmSync(`${lib}/${folder}/${name}`);
    }
  }
}
