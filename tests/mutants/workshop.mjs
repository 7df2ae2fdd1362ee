import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { run, start } from '../../cpp/toolchain/command.mjs';
import { buildWithCmake } from '../../web/build/cmake.mjs';
import { inRoot } from '../../web/build/paths.mjs';
import { mutated } from './mutants.mjs';

/**
 * Where mutants are built: the native tests as CMake has built them, with one object exchanged.
 *
 * The changed file is written beside the sources' tree, in a tree of its own that stands first on the include path;
 * the object compiled from it is linked first, so that nothing takes the original out of the library.
 */
export class Workshop {
  #build = buildWithCmake('native', []);
  #commands = JSON.parse(readFileSync(join(this.#build, 'compile_commands.json'), 'utf8'));
  #link = linkStep(this.#build);

  /** Runs the unchanged tests. */
  original(limit) {
    return runTests(join(this.#build, 'unroll_tests'), limit);
  }

  /** Builds a mutant and runs the tests until one fails. */
  async try(mutant, number, limit) {
    const folder = inRoot('build/mutants', String(number));
    rmSync(folder, { recursive: true, force: true });
    const file = join(folder, mutant.file);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, mutated(mutant));

    const source = inRoot(mutant.compile ?? mutant.file);
    const object = join(folder, 'mutant.o');
    await this.#shell(this.#compileCommand(source, mutant.compile ? source : file, join(folder, 'cpp'), object));
    const program = join(folder, 'unroll_tests');
    await this.#shell(this.#linkCommand(object, program));
    const result = (await runTests(program, limit, namedAfter(mutant.file))) ?? (await runTests(program, limit));
    rmSync(folder, { recursive: true });
    return result;
  }

  #compileCommand(source, from, include, object) {
    const entry = this.#commands.find(
      ({ file, command }) => file === source && /\bunroll(_cold|_tests)?\.dir/.test(command),
    );
    if (!entry) throw new Error(`No command compiles ${source}.`);
    const [compiler] = entry.command.split(' ', 1);
    const options = entry.command.slice(compiler.length).replace(/ -o .*$/, '');
    // A mutant may leave a variable unused.
    return `${compiler} -I'${include}' ${options} -w -o '${object}' -c '${from}'`;
  }

  /** Of two equal functions the linker is to take the first: so the mutant's object stands before all others. */
  #linkCommand(object, program) {
    const [compiler] = this.#link.split(' ', 1);
    const first = `-Wl,--allow-multiple-definition '${object}'`;
    return `${compiler} ${first} ${this.#link.slice(compiler.length)}`.replace('-o unroll_tests', `-o '${program}'`);
  }

  async #shell(command) {
    const { status, output } = await start('sh', ['-c', command], { cwd: this.#build });
    if (status !== 0) throw new Error(`The mutant cannot be built:\n${output}`);
  }
}

/** The command that links the native tests. */
function linkStep(folder) {
  const steps = run('ninja', ['-C', folder, '-t', 'commands', '-s', 'unroll_tests']).split(' && ');
  const link = steps.find((step) => step.includes('-o unroll_tests'));
  if (!link) throw new Error('The command that links the tests was not found.');
  return link.trim();
}

/** The tests that bear the name of a file, which most often see at once that something is wrong with it. */
function namedAfter(file) {
  const words = basename(file).split('.')[0].split('_');
  return `*${words.map((word) => word[0].toUpperCase() + word.slice(1)).join('')}*`;
}

/**
 * The name of the first test that failed; null when all passed. Tests of whole trainings are left out: they see almost
 * every mistake, but say little about it and take the longest.
 */
async function runTests(program, limit, chosen = '') {
  const filter = `--gtest_filter=${chosen}-*Learning*:*Adding*:*Reber*`;
  const options = [filter, '--gtest_fail_fast', '--gtest_brief=1', '--gtest_color=no'];
  const { status, output } = await start(program, options, { timeout: limit, killSignal: 'SIGKILL' });
  if (status === 0) return null;
  const failed = /^\[ {2}FAILED {2}\] ([^\s,]+)/m.exec(output)?.[1];
  return failed ?? (status === null ? 'no test: it did not end in time' : 'no test: it crashed');
}
