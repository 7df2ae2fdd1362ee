import { spawnSync } from 'node:child_process';

import { has, run } from '../../cpp/toolchain/command.mjs';
import { say, SetupError } from '../../cpp/toolchain/say.mjs';
import { main } from './main.mjs';
import { installModules } from './modules.mjs';
import { inRoot, root } from './paths.mjs';
import { buildWasm } from './wasm.mjs';

const bin = (name) => inRoot('node_modules/.bin', name);

/** C++ files that git knows or would add. */
const cppFiles = () =>
  run('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.cpp', '*.h'], { cwd: root })
    .split('\n')
    .filter(Boolean);

/** npm run check: format, types, lint and the arrows between the engine's parts. `--fix` (npm run format) writes what can be written. */
await main(import.meta, async () => {
  const fix = process.argv.includes('--fix');
  await installModules();
  await buildWasm(); // the types of the engine come from its declarations
  const checks = [
    ['format', bin('prettier'), [fix ? '--write' : '--check', '--log-level', 'warn', '.']],
    ['lint', bin('eslint'), [...(fix ? ['--fix'] : []), '.']],
    ['types', bin('tsc'), ['-p', inRoot('tsconfig.json')]],
    ['arrows (C++)', process.execPath, [inRoot('web/build/arrows.mjs')]],
  ];
  if (has('clang-format')) {
    checks.unshift(['format (C++)', 'clang-format', [...(fix ? ['-i'] : ['--dry-run', '--Werror']), ...cppFiles()]]);
  } else {
    say('format (C++): left out, there is no clang-format here');
  }
  const failed = checks.filter(([name, command, args]) => {
    const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
    say(`${name}: ${status === 0 ? 'good' : 'see above'}`);
    return status !== 0;
  });
  if (failed.length > 0) throw new SetupError(`npm run check: ${failed.map(([name]) => name).join(', ')} failed.`);
});
