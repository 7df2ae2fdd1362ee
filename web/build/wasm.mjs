import { copyFileSync, mkdirSync } from 'node:fs';

import { run } from '../../cpp/toolchain/command.mjs';
import { findToolchain } from '../../cpp/toolchain/find.mjs';
import { inRoot, root } from './paths.mjs';
import { step } from './step.mjs';
import { ensureInstalled, forWasm } from './system.mjs';

const files = ['unroll.js', 'unroll.wasm', 'unroll.d.ts'];
const inputs = ['CMakeLists.txt', 'cpp'];

/** The engine as a module: compiled by CMake and Emscripten, laid beside the sources that import it. */
export async function buildWasm() {
  await step({
    name: 'engine (wasm)',
    inputs,
    outputs: files.map((name) => `web/engine/wasm/${name}`),
    action: () => {
      compile('wasm', []);
      mkdirSync(inRoot('web/engine/wasm'), { recursive: true });
      for (const name of files) copyFileSync(inRoot('build/wasm', name), inRoot('web/engine/wasm', name));
    },
  });
}

/** The same without SIMD, for tests: it has to reach the same bits. */
export async function buildScalarWasm() {
  await step({
    name: 'engine (wasm, scalar)',
    inputs,
    outputs: files.map((name) => `build/scalar/${name}`),
    action: () => compile('scalar', ['-DUNROLL_SCALAR=ON']),
  });
}

function compile(name, options) {
  ensureInstalled(forWasm);
  const { env, cmakeFile } = findToolchain();
  const folder = inRoot('build', name);
  // --fresh: a cache of CMake's survives neither a moved project nor another compiler.
  const configure = ['--fresh', '-S', root, '-B', folder, '-G', 'Ninja', '-DCMAKE_BUILD_TYPE=None'];
  run('cmake', [...configure, `-DCMAKE_TOOLCHAIN_FILE=${cmakeFile}`, ...options], { env });
  run('cmake', ['--build', folder], { env });
}
