import { cpSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { has, run } from './command.mjs';
import { say, SetupError } from './say.mjs';

/**
 * Emscripten 3.1.69 with its compiler and everything that these need to run on an older system, all from Debian 13.
 * patchelf comes along to point them at each other.
 */
const packages = `
  emscripten binaryen clang-19 lld-19 llvm-19 libllvm19 libclang-cpp19 libclang-common-19-dev
  libc6 libgcc-s1 libstdc++6 zlib1g libzstd1 libz3-4 libedit2 libxml2 libtinfo6 libbsd0 libmd0 libicu76 liblzma5
  libffi8 libgmp10 patchelf`
  .trim()
  .split(/\s+/);

/** What Emscripten's package holds and a build of ours never reads: more than half of it. */
const leftOut = [
  '*wasm64*',
  './usr/share/emscripten/test*',
  './usr/share/doc*',
  './usr/share/man*',
  '*wasm32-emscripten/pic*',
  '*wasm32-emscripten/lto*',
  '*libGL*',
  '*libwasmfs*',
];

/** Programs of LLVM that Emscripten calls. */
const programs = ['clang', 'lld', 'llvm-ar', 'llvm-nm', 'llvm-objcopy', 'llvm-dwarfdump', 'llvm-strip', 'llvm-readobj'];

const byHand =
  'Install Emscripten 3.1.69 or newer: git clone the emsdk repository, then ./emsdk install 3.1.69, ' +
  './emsdk activate 3.1.69, source ./emsdk_env.sh, and start again.';

/** Fills `folder` with the compiler, without root and without touching the system. */
export function fillToolchain(folder) {
  if (process.platform !== 'linux' || process.arch !== 'x64' || !has('apt-get') || !has('dpkg-deb')) {
    throw new SetupError(`There is no emcc 3.1.69 or newer on the PATH, and it can be fetched on Debian and Ubuntu for x86-64 only. ${byHand}`);
  }
  say('Fetching the compiler into .toolchain (about 320 MB, once)');
  rmSync(folder, { recursive: true, force: true });
  const at = (...parts) => join(folder, ...parts);
  for (const part of ['root', 'debs', 'apt/lists/partial', 'apt/cache']) mkdirSync(at(part), { recursive: true });
  try {
    download(at);
    unpack(at);
  } catch (error) {
    throw new SetupError(`The compiler could not be fetched. ${byHand}\n${error.message}`);
  }
  adapt(realpathSync(at('root')));
  rmSync(at('debs'), { recursive: true });
  rmSync(at('apt'), { recursive: true });
  // Emscripten's scripts are CommonJS; without this they would follow the project's package.json.
  writeFileSync(at('package.json'), '{}\n');
  writeFileSync(at('complete'), 'Emscripten 3.1.69 from Debian 13\n');
}

/** The machine's own mirror and keys, with the release replaced. */
function trixieSources() {
  const folder = '/etc/apt/sources.list.d';
  const files = ['/etc/apt/sources.list', ...(existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [])];
  for (const file of files.filter((name) => existsSync(name))) {
    const text = readFileSync(file, 'utf8');
    const uri = /^(?:URIs:|deb(?:\s+\[[^\]]*\])?)\s+(\S+\/debian\/?)(?:\s|$)/m.exec(text);
    if (uri === null) continue;
    const key = '/usr/share/keyrings/debian-archive-keyring.gpg';
    if (!existsSync(key)) break;
    return `deb [signed-by=${key}] ${uri[1]} trixie main\n`;
  }
  throw new SetupError('No Debian mirror is named in /etc/apt.');
}

function download(at) {
  writeFileSync(at('apt/sources.list'), trixieSources());
  writeFileSync(at('apt/status'), '');
  const own = [
    `-oDir::Etc::sourcelist=${resolve(at('apt/sources.list'))}`,
    '-oDir::Etc::sourceparts=/nonexistent',
    `-oDir::State::Lists=${resolve(at('apt/lists'))}`,
    `-oDir::State::status=${resolve(at('apt/status'))}`,
    `-oDir::Cache=${resolve(at('apt/cache'))}`,
    '-oAPT::Sandbox::User=root',
  ];
  run('apt-get', [...own, '-qq', 'update']);
  run('apt-get', [...own, '-qq', 'download', ...packages], { cwd: at('debs') });
}

function unpack(at) {
  const exclude = leftOut.map((pattern) => `--exclude='${pattern}'`).join(' ');
  for (const name of readdirSync(at('debs'))) {
    run('bash', ['-c', `set -o pipefail; dpkg-deb --fsys-tarfile "$0" | tar x -C "$1" ${exclude}`, at('debs', name), at('root')]);
  }
}

/** Makes the programs run on their own C library and find each other's, wherever the folder lies. */
function adapt(root) {
  const loader = join(root, 'usr/lib64/ld-linux-x86-64.so.2');
  const folders = [join(root, 'usr/lib/x86_64-linux-gnu'), join(root, 'usr/lib/llvm-19/lib')];
  const path = folders.join(':');
  // patchelf wants the newer C library as well. It runs on copies, because it rewrites these very files.
  const copies = join(root, 'patchelf');
  mkdirSync(copies);
  for (const name of ['libc.so.6', 'libm.so.6', 'libgcc_s.so.1', 'libstdc++.so.6']) {
    cpSync(realpathSync(join(folders[0], name)), join(copies, name));
  }
  const patch = (args, file) =>
    run(loader, ['--library-path', copies, join(root, 'usr/bin/patchelf'), ...args, file]);

  const llvm = join(root, 'usr/lib/llvm-19/bin');
  const binaryen = readdirSync(join(root, 'usr/bin')).filter((name) => name.startsWith('wasm-'));
  const files = [...programs.map((name) => join(llvm, name)), ...binaryen.map((name) => join(root, 'usr/bin', name))];
  for (const file of new Set(files.filter((name) => existsSync(name)).map((name) => realpathSync(name)))) {
    patch(['--set-interpreter', loader, '--set-rpath', path], file);
  }
  for (const folder of folders) {
    for (const name of readdirSync(folder)) {
      const isLibrary = /\.so(\.|$)/.test(name) && !/^(libc|libm|libdl|libpthread|librt|ld-linux-x86-64)\.so/.test(name);
      const file = join(folder, name);
      if (isLibrary && lstatSync(file).isFile() && isElf(file)) patch(['--set-rpath', path], file);
    }
  }
  rmSync(copies, { recursive: true });
}

function isElf(file) {
  return readFileSync(file).subarray(0, 4).equals(Buffer.from([0x7f, 0x45, 0x4c, 0x46]));
}
