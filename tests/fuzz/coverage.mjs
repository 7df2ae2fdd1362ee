import { readFileSync } from 'node:fs';
import { join, normalize, relative } from 'node:path';

import { run } from '../../cpp/toolchain/command.mjs';
import { buildWithCmake } from '../../web/build/cmake.mjs';
import { root } from '../../web/build/paths.mjs';
import { ensureInstalled, forCoverage } from '../../web/build/system.mjs';

/** The files that make sense of bytes and text from outside. */
const readers =
  /^cpp\/unroll\/(io\/.*|core\/unicode|text\/(utf8|vocabulary|word_vocabulary)|model\/state_dict|training\/trainer_state)\.cpp$/;

/** How many branches of each reader the native tests take, and every one that they never take. */
export function coverage() {
  ensureInstalled(forCoverage);
  const flags = '-fprofile-instr-generate -fcoverage-mapping -w'; // -w: the tests are held to gcc's warnings
  const folder = buildWithCmake('coverage', ['-DCMAKE_CXX_COMPILER=clang++', `-DCMAKE_CXX_FLAGS=${flags}`]);
  const tests = join(folder, 'unroll_tests');
  const [raw, profile] = ['tests.profraw', 'tests.profdata'].map((name) => join(folder, name));
  run(tests, ['--gtest_brief=1'], { env: { LLVM_PROFILE_FILE: raw } });
  run('llvm-profdata', ['merge', '-sparse', raw, '-o', profile]);
  const { data } = JSON.parse(run('llvm-cov', ['export', tests, `-instr-profile=${profile}`]));
  return data[0].files
    .map(({ filename, branches }) => [relative(root, normalize(filename)), branches])
    .filter(([file]) => readers.test(file))
    .map(([file, branches]) => report(file, branches))
    .join('\n');
}

/** A condition is two branches. That of a template is there for each type, and taken when one of them takes it. */
function report(file, conditions) {
  const taken = new Map();
  for (const [line, column, , , whenTrue, whenFalse] of conditions) {
    const [yes, no] = taken.get(`${line}:${column}`) ?? [0, 0];
    taken.set(`${line}:${column}`, [yes + whenTrue, no + whenFalse]);
  }
  const source = readFileSync(join(root, file), 'utf8').split('\n');
  const never = [...taken].flatMap(([place, [yes, no]]) => {
    const code = source[parseInt(place, 10) - 1].trim();
    return [...(yes ? [] : ['true']), ...(no ? [] : ['false'])].map((value) => `  ${place} is never ${value}: ${code}`);
  });
  return [`${file}: ${2 * taken.size - never.length} of ${2 * taken.size} branches`, ...never].join('\n');
}
