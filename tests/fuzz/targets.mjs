import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { say, SetupError } from '../../cpp/toolchain/say.mjs';
import { build } from '../../web/build/build.mjs';
import { buildWithCmake } from '../../web/build/cmake.mjs';
import { inRoot } from '../../web/build/paths.mjs';
import { ensureInstalled, forFuzzing } from '../../web/build/system.mjs';

/** Where inputs are kept that something went wrong with, named `<target>-…`. */
export const found = inRoot('build/fuzz/found');

/**
 * The programs that read foreign bytes or text, built: by name, each with the command that lets it look for so many
 * seconds and the one that shows it a file. `keep` goes on from what the last such search had reached.
 */
export async function buildTargets({ keep }) {
  mkdirSync(found, { recursive: true });
  return { ...(await nativeTargets(keep)), links: await linksTarget() };
}

/** One for each tests/fuzz/<target>_fuzz.cpp, with libFuzzer; none where there is no clang that has it. */
async function nativeTargets(keep) {
  try {
    ensureInstalled(forFuzzing);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(`\n*** The engine's readers are NOT fuzzed here: that takes clang with libFuzzer. ${error.message} ***\n`);
    return {};
  }
  const folder = buildWithCmake('fuzz', ['-DUNROLL_FUZZ=ON', '-DCMAKE_CXX_COMPILER=clang++']);
  const files = readdirSync(inRoot('tests/fuzz')).filter((file) => file.endsWith('_fuzz.cpp'));
  return Object.fromEntries(
    files.map((file) => {
      const name = file.slice(0, -'_fuzz.cpp'.length);
      const program = join(folder, `${name}_fuzz`);
      return [
        name,
        {
          search: (seconds) => [program, ...limits, words, `-max_total_time=${seconds}`, ...inputsOf(name, keep)],
          replay: (input) => [program, ...limits, input],
        },
      ];
    }),
  );
}

/** An input takes milliseconds; one that takes half a minute, or most of the memory, is a fault like a crash. */
const limits = ['-timeout=30', '-rss_limit_mb=2048', '-max_len=8192', '-print_final_stats=1'];

const words = `-dict=${inRoot('tests/fuzz/words.dict')}`;

/** Folders of inputs: the first is written to, the other is read. */
function inputsOf(name, keep) {
  const reached = inRoot('build/fuzz', keep ? 'corpus' : 'suite', name);
  if (!keep) rmSync(reached, { recursive: true, force: true });
  mkdirSync(reached, { recursive: true });
  const seeds = inRoot('tests/fuzz/seeds', name);
  return [`-artifact_prefix=${join(found, name)}-`, reached, ...(existsSync(seeds) ? [seeds] : [])];
}

/** The reader of links, as it is shipped. */
async function linksTarget() {
  await build({ page: false });
  const program = [process.execPath, inRoot('tests/fuzz/links.mjs')];
  return {
    search: (seconds) => [...program, String(seconds), found],
    replay: (input) => [...program, '--replay', input],
  };
}
