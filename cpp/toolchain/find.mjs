import { existsSync, mkdirSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { has, run } from './command.mjs';
import { ensureFilled } from './fill.mjs';
import { say, SetupError } from './say.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** The oldest compiler that has what the module needs: --emit-tsd, ES modules that load in Node, final SIMD opcodes. */
export const oldest = [3, 1, 69];

/** The version of an emcc, as numbers. */
function versionOf(emcc, env) {
  const match = /(\d+)\.(\d+)\.(\d+)/.exec(run(emcc, ['--version'], { env }));
  if (match === null) throw new SetupError(`${emcc} --version printed no version`);
  return match.slice(1).map(Number);
}

function isAtLeast(version, least) {
  for (let i = 0; i < 3; ++i) {
    if (version[i] !== least[i]) return version[i] > least[i];
  }
  return true;
}

/**
 * TypeScript 6 refuses an option that Emscripten's --emit-tsd still passes; a small program of the same name, first on
 * the PATH, tells it to go on.
 */
function writeShim() {
  const folder = join(root, 'build/shim');
  mkdirSync(folder, { recursive: true });
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  writeFileSync(join(folder, 'tsc'), `#!/bin/sh\nexec node "${tsc}" --ignoreConfig --ignoreDeprecations 6.0 "$@"\n`, {
    mode: 0o755,
  });
  return folder;
}

/**
 * The interpreter itself. Emscripten starts one for each file, and a version manager's python3 is a script that takes
 * longer than that to find it.
 */
function findPython() {
  return run('python3', ['-c', 'import sys; print(sys.executable)']).trim();
}

/**
 * The environment in which em++ and CMake's toolchain file work, where that file is, and Binaryen's wasm-split. Fetches
 * what is missing.
 */
export function findToolchain() {
  const shim = writeShim();
  if (has('emcc')) {
    const version = versionOf('emcc', {});
    if (isAtLeast(version, oldest)) {
      say(`Compiler: the emcc ${version.join('.')} on the PATH`);
      const folder = dirname(run('sh', ['-c', 'readlink -f "$(command -v emcc)"']).trim());
      const env = { PATH: `${shim}:${process.env.PATH}` };
      return { env, cmakeFile: cmakeFileIn(folder), wasmSplit: wasmSplitOf(folder, env) };
    }
  }
  const toolchain = join(root, '.toolchain');
  ensureFilled(toolchain);
  const emscripten = join(toolchain, 'root/usr/share/emscripten');
  linkModules(emscripten);
  const config = join(root, 'build/shim/emscripten-config.py');
  const usr = join(toolchain, 'root/usr');
  writeFileSync(
    config,
    [
      `LLVM_ROOT = '${usr}/lib/llvm-19/bin'`,
      `BINARYEN_ROOT = '${usr}'`,
      `NODE_JS = '${process.execPath}'`,
      'FROZEN_CACHE = True',
      "LLVM_ADD_VERSION = ''",
      "CLANG_ADD_VERSION = ''",
      '',
    ].join('\n'),
  );
  return {
    env: {
      EM_CONFIG: config,
      EMSDK_PYTHON: findPython(),
      PATH: `${shim}:${emscripten}:${join(root, 'node_modules/.bin')}:${process.env.PATH}`,
    },
    cmakeFile: cmakeFileIn(emscripten),
    wasmSplit: join(usr, 'bin/wasm-split'),
  };
}

/** Binaryen's programs lie where the compiler's configuration says. */
function wasmSplitOf(emscripten, env) {
  return join(run(join(emscripten, 'em-config'), ['BINARYEN_ROOT'], { env }).trim(), 'bin/wasm-split');
}

/** Emscripten's optimiser imports acorn, which is looked for beside it. */
function linkModules(emscripten) {
  const link = join(emscripten, 'node_modules');
  const modules = join(root, 'node_modules');
  if (existsSync(link) && readlinkSync(link) === modules) return;
  rmSync(link, { recursive: true, force: true });
  symlinkSync(modules, link);
}

function cmakeFileIn(emscripten) {
  const file = join(emscripten, 'cmake/Modules/Platform/Emscripten.cmake');
  if (!existsSync(file)) throw new SetupError(`the compiler in ${emscripten} has no CMake toolchain file`);
  return file;
}
