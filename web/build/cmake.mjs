import { existsSync, readFileSync } from 'node:fs';

import { run } from '../../cpp/toolchain/command.mjs';
import { inRoot, root } from './paths.mjs';

/** Configures and builds the CMake project in build/`name`. Ninja builds again only what has changed. */
export function buildWithCmake(name, options, { env = {}, fresh = isElsewhere(name) } = {}) {
  const folder = inRoot('build', name);
  const where = ['-S', root, '-B', folder, '-G', 'Ninja'];
  run('cmake', [...(fresh ? ['--fresh'] : []), ...where, '-DCMAKE_BUILD_TYPE=None', ...options], { env });
  run('cmake', ['--build', folder], { env });
  return folder;
}

/** Whether the folder's cache is from a place that the project has since left; CMake would refuse it. */
function isElsewhere(name) {
  const cache = inRoot('build', name, 'CMakeCache.txt');
  return existsSync(cache) && !readFileSync(cache, 'utf8').includes(`CMAKE_HOME_DIRECTORY:INTERNAL=${root}\n`);
}
