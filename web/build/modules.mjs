import { run } from '../../cpp/toolchain/command.mjs';
import { SetupError } from '../../cpp/toolchain/say.mjs';
import { root } from './paths.mjs';
import { buildStep } from './step.mjs';

/** Installs the npm packages of the lock file. None of them runs a script of its own. */
export async function installModules() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new SetupError(`This is Node ${process.versions.node}; please install Node 20.19 or newer.`);
  }
  await buildStep({
    name: 'npm packages',
    inputs: ['package-lock.json'],
    outputs: ['node_modules'],
    action: () => run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: root }),
  });
}
