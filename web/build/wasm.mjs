import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';

import { findToolchain } from '../../cpp/toolchain/find.mjs';
import { buildWithCmake } from './cmake.mjs';
import { inRoot } from './paths.mjs';
import { buildStep } from './step.mjs';
import { splitModule } from './split.mjs';
import { ensureInstalled, forWasm } from './system.mjs';

const files = ['unroll.js', 'unroll.wasm', 'unroll.d.ts'];
const inputs = ['CMakeLists.txt', 'cpp'];
/** What is laid beside the sources that import it, and what each file is called in the folder of the build. */
const shipped = {
  'unroll.js': 'unroll.js',
  'unroll.d.ts': 'unroll.d.ts',
  'unroll.wasm': 'unroll.main.wasm',
  'unroll.deferred.wasm': 'unroll.deferred.wasm',
  'unroll-fast.wasm': 'fast/unroll.wasm',
};

/** The engine as two modules, strict and fast, with one glue: compiled by CMake; the strict one is then split in two. */
export async function buildWasm() {
  await buildStep({
    name: 'engine (wasm)',
    inputs: [...inputs, 'web/build/wasm.mjs', 'web/build/split.mjs', 'web/build/first-session.mjs'],
    outputs: Object.keys(shipped).map((name) => `web/engine/wasm/${name}`),
    action: async () => {
      const toolchain = compile('wasm', []);
      checkGlue();
      await splitModule(inRoot('build/wasm'), toolchain);
      mkdirSync(inRoot('web/engine/wasm'), { recursive: true });
      for (const [name, built] of Object.entries(shipped)) {
        copyFileSync(inRoot('build/wasm', built), inRoot('web/engine/wasm', name));
      }
    },
  });
}

/** The same without SIMD, for tests: it has to reach the same bits. */
export async function buildScalarWasm() {
  await buildStep({
    name: 'engine (wasm, scalar)',
    inputs,
    outputs: files.map((name) => `build/scalar/${name}`),
    action: () => void compile('scalar', ['-DUNROLL_SCALAR=ON']),
  });
}

/** The linker shortens the names of imports and exports; only when it does so alike can the modules share a glue. */
function checkGlue() {
  const [strict, fast] = ['unroll.js', 'fast/unroll.js'].map((name) => readFileSync(inRoot('build/wasm', name), 'utf8'));
  if (strict !== fast) throw new Error('the strict and the fast module have different glues: link them alike');
}

/** The same under AddressSanitizer, for tests: it tells of every access outside of what was allocated. */
export async function buildAsanWasm() {
  await buildStep({
    name: 'engine (wasm, asan)',
    inputs: [...inputs, 'tests/asan'],
    outputs: ['unroll.js', 'unroll.wasm', 'unroll.deferred.wasm'].map((name) => `build/asan/${name}`),
    action: () => {
      compile('asan', ['-DUNROLL_SANITIZE=ON']);
      // It is one whole; what is deferred is a module with nothing in it.
      writeFileSync(inRoot('build/asan/unroll.deferred.wasm'), Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
    },
  });
}

/** Returns the toolchain with which it was done. */
function compile(name, options) {
  ensureInstalled(forWasm);
  const toolchain = findToolchain();
  const { env, cmakeFile } = toolchain;
  // CMake's cache would keep the compiler that was there before.
  buildWithCmake(name, [`-DCMAKE_TOOLCHAIN_FILE=${cmakeFile}`, ...options], { env, fresh: true });
  return toolchain;
}
