import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';

import { findToolchain } from '../../cpp/toolchain/find.mjs';
import { buildWithCmake } from './cmake.mjs';
import { inRoot } from './paths.mjs';
import { step } from './step.mjs';
import { ensureInstalled, forWasm } from './system.mjs';

const files = ['unroll.js', 'unroll.wasm', 'unroll.d.ts'];
const fastFile = 'unroll-fast.wasm';
const inputs = ['CMakeLists.txt', 'cpp'];

/** The engine as two modules, strict and fast, with one glue: compiled by CMake, laid beside the sources that import it. */
export async function buildWasm() {
  await step({
    name: 'engine (wasm)',
    inputs,
    outputs: [...files, fastFile].map((name) => `web/engine/wasm/${name}`),
    action: () => {
      compile('wasm', []);
      checkGlue();
      mkdirSync(inRoot('web/engine/wasm'), { recursive: true });
      for (const name of files) copyFileSync(inRoot('build/wasm', name), inRoot('web/engine/wasm', name));
      copyFileSync(inRoot('build/wasm/fast/unroll.wasm'), inRoot('web/engine/wasm', fastFile));
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

/** The linker shortens the names of imports and exports; only when it does so alike can the modules share a glue. */
function checkGlue() {
  const [strict, fast] = ['unroll.js', 'fast/unroll.js'].map((name) => readFileSync(inRoot('build/wasm', name), 'utf8'));
  if (strict !== fast) throw new Error('the strict and the fast module have different glues: link them alike');
}

function compile(name, options) {
  ensureInstalled(forWasm);
  const { env, cmakeFile } = findToolchain();
  // CMake's cache would keep the compiler that was there before.
  buildWithCmake(name, [`-DCMAKE_TOOLCHAIN_FILE=${cmakeFile}`, ...options], { env, fresh: true });
}
