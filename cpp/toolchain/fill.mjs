import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { adapt } from './adapt.mjs';
import { has, run } from './command.mjs';
import { say, SetupError } from './say.mjs';
import { debianRelease, trixieSources } from './sources.mjs';

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

const byHand =
  'Install Emscripten 3.1.69 or newer: git clone the emsdk repository, then ./emsdk install 3.1.69, ' +
  './emsdk activate 3.1.69, source ./emsdk_env.sh, and start again.';

/**
 * Makes sure that `folder` holds the compiler and that it runs from there, without root and without touching the
 * system. `complete` in it names the place for which its programs are adapted.
 */
export function ensureFilled(folder) {
  const complete = join(folder, 'complete');
  if (!existsSync(complete)) fill(folder);
  const root = realpathSync(join(folder, 'root'));
  if (existsSync(complete) && readFileSync(complete, 'utf8') === root) return;
  adapt(root);
  writeFileSync(complete, root);
}

function fill(folder) {
  const sources = trixieSources('/etc/apt', debianRelease());
  if (process.arch !== 'x64' || sources === '' || !has('apt-get') || !has('dpkg-deb')) {
    throw new SetupError(
      `There is no emcc 3.1.69 or newer on the PATH, and only on Debian for x86-64 can it be fetched. ${byHand}`,
    );
  }
  say('Fetching the compiler into .toolchain (about 320 MB, once)');
  const at = (...parts) => join(folder, ...parts);
  rmSync(folder, { recursive: true, force: true });
  for (const part of ['root', 'debs', 'apt/lists/partial', 'apt/cache']) mkdirSync(at(part), { recursive: true });
  // Emscripten's scripts are CommonJS; without this they would follow the project's package.json.
  writeFileSync(at('package.json'), '{}\n');
  try {
    download(at, sources);
    unpack(at);
  } catch (error) {
    throw new SetupError(`The compiler could not be fetched. ${byHand}\n${error.message}`);
  }
  rmSync(at('debs'), { recursive: true });
  rmSync(at('apt'), { recursive: true });
}

/** With a configuration of apt's own, so that the machine's is neither used nor changed. */
function download(at, sources) {
  writeFileSync(at('apt/sources.list'), sources);
  writeFileSync(at('apt/status'), '');
  const own = [
    `-oDir::Etc::sourcelist=${at('apt/sources.list')}`,
    '-oDir::Etc::sourceparts=/nonexistent',
    `-oDir::State::Lists=${at('apt/lists')}`,
    `-oDir::State::status=${at('apt/status')}`,
    `-oDir::Cache=${at('apt/cache')}`,
    '-oAPT::Sandbox::User=root', // its usual user may not write here
    '-oAcquire::Retries=3',
  ];
  run('apt-get', [...own, '-qq', 'update']);
  run('apt-get', [...own, '-qq', 'download', ...packages], { cwd: at('debs') });
}

function unpack(at) {
  const exclude = leftOut.map((pattern) => `--exclude='${pattern}'`).join(' ');
  for (const name of readdirSync(at('debs'))) {
    run('bash', [
      '-c',
      `set -o pipefail; dpkg-deb --fsys-tarfile "$0" | tar x -C "$1" ${exclude}`,
      at('debs', name),
      at('root'),
    ]);
  }
}
