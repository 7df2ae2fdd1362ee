import { copyFileSync, mkdirSync } from 'node:fs';

import { run } from '../../cpp/toolchain/command.mjs';
import { findToolchain } from '../../cpp/toolchain/find.mjs';
import { inRoot, root } from './paths.mjs';
import { step } from './step.mjs';
import { ensureInstalled, forWasm } from './system.mjs';

const files = ['unroll.js', 'unroll.wasm', 'unroll.d.ts'];

/** The engine as a module: compiled by CMake and Emscripten, laid beside the sources that import it. */
export async function buildWasm() {
  await step({
    name: 'engine (wasm)',
    inputs: ['CMakeLists.txt', 'cpp'],
    outputs: files.map((name) => `web/engine/wasm/${name}`),
    action: () => {
      ensureInstalled(forWasm);
      const { env, cmakeFile } = findToolchain();
      const folder = inRoot('build/wasm');
      const configure = ['-S', root, '-B', folder, '-G', 'Ninja', '-DCMAKE_BUILD_TYPE=None', `-DCMAKE_TOOLCHAIN_FILE=${cmakeFile}`];
      run('cmake', configure, { env });
      run('cmake', ['--build', folder], { env });
      mkdirSync(inRoot('web/engine/wasm'), { recursive: true });
      for (const name of files) copyFileSync(inRoot('build/wasm', name), inRoot('web/engine/wasm', name));
    },
  });
}
