import { copyFileSync, mkdirSync } from 'node:fs';

import { findToolchain } from '../../cpp/toolchain/find.mjs';
import { buildWithCmake } from './cmake.mjs';
import { inRoot } from './paths.mjs';
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

/** The same under AddressSanitizer, for tests: it tells of every access outside of what was allocated. */
export async function buildAsanWasm() {
  await step({
    name: 'engine (wasm, asan)',
    inputs: [...inputs, 'tests/asan'],
    outputs: ['unroll.js', 'unroll.wasm'].map((name) => `build/asan/${name}`),
    action: () => compile('asan', ['-DUNROLL_SANITIZE=ON']),
  });
}

function compile(name, options) {
  ensureInstalled(forWasm);
  const { env, cmakeFile } = findToolchain();
  // CMake's cache would keep the compiler that was there before.
  buildWithCmake(name, [`-DCMAKE_TOOLCHAIN_FILE=${cmakeFile}`, ...options], { env, fresh: true });
}
