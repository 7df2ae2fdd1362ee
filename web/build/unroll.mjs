import { main } from './main.mjs';
import { runWithPackage } from './with-package.mjs';

/** npm run unroll -- …: the command line from a checkout. */
await main(import.meta, () => runWithPackage('build/lib/cli/main.js', process.argv.slice(2)));
