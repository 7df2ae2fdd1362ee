import { cpSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { run } from './command.mjs';

/** Programs of LLVM that Emscripten calls. */
const programs = ['clang', 'lld', 'llvm-ar', 'llvm-nm', 'llvm-objcopy', 'llvm-dwarfdump', 'llvm-strip', 'llvm-readobj'];

/** The C library itself and its loader find their parts without help. */
const libc = /^(libc|libm|libdl|libpthread|librt|ld-linux-x86-64)\.so/;

/**
 * Points the programs below `root` at the C library that came with them, and at each other's libraries, where they lie
 * now. To be done again when the folder has moved.
 */
export function adapt(root) {
  const loader = join(root, 'usr/lib64/ld-linux-x86-64.so.2');
  const folders = [join(root, 'usr/lib/x86_64-linux-gnu'), join(root, 'usr/lib/llvm-19/lib')];
  // patchelf wants the newer C library as well. It runs on copies, because it rewrites these very files.
  const copies = join(root, 'patchelf');
  rmSync(copies, { recursive: true, force: true });
  mkdirSync(copies);
  for (const name of ['libc.so.6', 'libm.so.6', 'libgcc_s.so.1', 'libstdc++.so.6']) {
    cpSync(realpathSync(join(folders[0], name)), join(copies, name));
  }
  const patchelf = (args, file) =>
    run(loader, [
      '--library-path',
      copies,
      join(root, 'usr/bin/patchelf'),
      '--set-rpath',
      folders.join(':'),
      ...args,
      file,
    ]);
  for (const file of programsBelow(root)) patchelf(['--set-interpreter', loader], file);
  for (const file of folders.flatMap(librariesIn)) patchelf([], file);
  rmSync(copies, { recursive: true });
}

/** LLVM's and Binaryen's programs, each once however many names it has. */
function programsBelow(root) {
  const llvm = programs.map((name) => join(root, 'usr/lib/llvm-19/bin', name)).filter((file) => existsSync(file));
  const bin = join(root, 'usr/bin');
  const binaryen = readdirSync(bin)
    .filter((name) => name.startsWith('wasm-'))
    .map((name) => join(bin, name));
  return new Set([...llvm, ...binaryen].map((file) => realpathSync(file)));
}

function librariesIn(folder) {
  return readdirSync(folder)
    .filter((name) => /\.so(\.|$)/.test(name) && !libc.test(name))
    .map((name) => join(folder, name))
    .filter((file) => lstatSync(file).isFile() && isElf(file)); // some are linker scripts
}

function isElf(file) {
  return readFileSync(file)
    .subarray(0, 4)
    .equals(Buffer.from([0x7f, 0x45, 0x4c, 0x46]));
}
