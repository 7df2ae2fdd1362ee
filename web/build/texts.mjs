import { run } from '../../cpp/toolchain/command.mjs';
import { inRoot, root } from './paths.mjs';
import { buildStep } from './step.mjs';

/** The bundled texts, from the npm packages that hold them. */
export async function buildTexts() {
  await buildStep({
    name: 'texts',
    inputs: [...['build', 'given-names', 'moby-dick', 'names'].map((name) => `web/corpora/${name}.mjs`), 'package-lock.json'],
    outputs: ['web/corpora/texts'],
    action: () => run('node', [inRoot('web/corpora/build.mjs')], { cwd: root }),
  });
}
