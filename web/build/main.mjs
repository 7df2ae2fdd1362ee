import { pathToFileURL } from 'node:url';

import { say, SetupError } from '../../cpp/toolchain/say.mjs';

/**
 * Runs `action` when the module is the program itself, not an import. What a person can mend is told in a sentence;
 * anything else is a mistake of ours and keeps its stack.
 */
export async function main(meta, action) {
  if (process.argv[1] === undefined || meta.url !== pathToFileURL(process.argv[1]).href) return;
  try {
    await action();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    process.exitCode = 1;
  }
}
