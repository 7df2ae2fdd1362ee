import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

import { has, run } from '../../cpp/toolchain/command.mjs';
import { say, SetupError } from '../../cpp/toolchain/say.mjs';

/** What comes from the system: how to see that it is there, and Debian's name for it. */
const tools = {
  python: { present: () => has('python3'), debian: 'python3' },
  cmake: { present: () => has('cmake'), debian: 'cmake' },
  ninja: { present: () => has('ninja'), debian: 'ninja-build' },
  eigen: { present: () => existsSync('/usr/include/eigen3/Eigen/Core') || existsSync('/usr/local/include/eigen3/Eigen/Core') || existsSync('/opt/homebrew/include/eigen3/Eigen/Core'), debian: 'libeigen3-dev' },
  compiler: { present: () => has('c++'), debian: 'g++' },
  googletest: {
    present: () =>
      ['/usr/include', '/usr/local/include', '/opt/homebrew/include'].some((at) => existsSync(`${at}/gtest/gtest.h`)),
    debian: 'libgtest-dev',
  },
  clang: { present: () => has('clang++'), debian: 'clang' },
  llvm: { present: () => has('llvm-cov') && has('llvm-profdata'), debian: 'llvm' },
  libfuzzer: { present: linksFuzzers, debian: 'libclang-rt-dev' },
  chromium: { present: () => findChromium() !== undefined, debian: 'chromium' },
};

export const forWasm = ['python', 'cmake', 'ninja', 'eigen'];
export const forNativeTests = ['cmake', 'ninja', 'compiler', 'eigen', 'googletest'];
export const forPageTests = ['chromium'];
export const forFuzzing = ['cmake', 'ninja', 'eigen', 'clang', 'libfuzzer'];
export const forCoverage = [...forNativeTests, 'clang', 'llvm'];

/** The system's Chromium or Chrome. */
export function findChromium() {
  const known = [
    process.env.CHROMIUM,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ];
  return known.find((path) => path !== undefined && existsSync(path));
}

/** Whether clang has what a fuzz target is linked with: Debian has it in a package of its own, Apple's clang not at all. */
function linksFuzzers() {
  const source = 'extern "C" int LLVMFuzzerTestOneInput(const unsigned char*, unsigned long) { return 0; }';
  const options = ['-x', 'c++', '-', '-fsanitize=fuzzer,address,undefined', '-o', '/dev/null'];
  return spawnSync('clang++', options, { input: source }).status === 0;
}

/** Installs what is missing, where that is possible; otherwise one sentence says what to install. */
export function ensureInstalled(names) {
  const missing = [...new Set(names)].filter((name) => !tools[name].present());
  if (missing.length === 0) return;
  const packages = missing.map((name) => tools[name].debian);
  const mayInstall = process.platform === 'linux' && process.getuid() === 0 && has('apt-get');
  if (!mayInstall) {
    throw new SetupError(
      `Please install ${missing.join(', ')}: on Debian and Ubuntu with "sudo apt-get install ${packages.join(' ')}", ` +
        'elsewhere with your package manager; then start again.',
    );
  }
  say(`Installing ${packages.join(', ')}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['-qq', 'update'], { env });
  run('apt-get', ['-qq', '-y', '--no-install-recommends', 'install', ...packages], { env });
}
