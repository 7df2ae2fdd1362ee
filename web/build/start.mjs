import { parseArgs } from 'node:util';

import { SetupError } from '../../cpp/toolchain/say.mjs';
import { build } from './build.mjs';
import { main } from './main.mjs';
import { inRoot } from './paths.mjs';
import { addressOf, serve, serveOnFreePort } from './serve.mjs';

/** npm start: set up what is missing, build, serve the page, print its address. */
await main(import.meta, async () => {
  const { values } = parseArgs({ options: { port: { type: 'string' } } });
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65536)) {
    throw new SetupError(`npm start: --port is ${values.port}, expected a whole number below 65536.`);
  }
  await build();
  const server = port === undefined ? await serveOnFreePort(inRoot('dist'), 5173) : await serve(inRoot('dist'), port);
  console.log(`Unroll is at ${addressOf(server)}`);
});
