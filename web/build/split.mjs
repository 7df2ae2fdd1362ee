import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

import { run } from '../../cpp/toolchain/command.mjs';
import { SetupError } from '../../cpp/toolchain/say.mjs';
import { playFirstSession } from './first-session.mjs';

/** What may stand in a module of ours; wasm-split has to be told. */
const features = [
  'bulk-memory',
  'exception-handling',
  'multivalue',
  'mutable-globals',
  'nontrapping-float-to-int',
  'relaxed-simd', // in the fast build alone
  'sign-ext',
  'simd',
].map((name) => `--enable-${name}`);

/**
 * Splits `unroll.wasm` in a folder of the build in two, so that a page trains before all of the engine is there:
 *
 *   unroll.wasm            functions that a first session calls; memory, data and exports
 *   unroll.deferred.wasm   all others; put into the same table and memory when they are needed
 *
 * Which functions a first session calls is not listed by hand, where it would grow stale, but found out: Binaryen's
 * wasm-split notes in a copy of the module what is called, the session of `first-session.mjs` is played, and what it
 * did not call is split off. A function on the wrong side costs a little time and nothing else.
 */
export async function splitModule(folder, { env, wasmSplit }) {
  const at = (name) => `${folder}/${name}`;
  const split = (...args) => run(wasmSplit, [...args, ...features], { env });

  split('--instrument', at('unroll.wasm'), '--profile-export', 'writeProfile', '-o', at('noting.wasm'));
  writeFileSync(at('first-session.profile'), await profileOf(at('unroll.js'), readFileSync(at('noting.wasm'))));
  split(
    ...['--profile', at('first-session.profile'), '--export-prefix', '%', at('unroll.wasm')],
    ...['-o1', at('unroll.main.wasm'), '-o2', at('unroll.deferred.wasm')],
  );
}

/** Plays the session in the module that notes its calls, and returns the notes. */
async function profileOf(glue, bytes) {
  const { default: createModule } = await import(`${pathToFileURL(glue)}?${Date.now()}`);
  let instance;
  const module = await createModule({
    instantiateWasm(imports, done) {
      void WebAssembly.instantiate(bytes, imports).then((made) => done((instance = made.instance)));
      return {};
    },
  });
  playFirstSession(module);
  const memory = Object.values(instance.exports).find((each) => each instanceof WebAssembly.Memory);
  // Behind everything that the session left in memory.
  const start = memory.buffer.byteLength;
  memory.grow(1);
  const room = memory.buffer.byteLength - start;
  const size = instance.exports.writeProfile(start, room);
  if (size > room) throw new SetupError(`the profile of the module has ${size} bytes, and there is room for ${room}`);
  return Buffer.from(memory.buffer, start, size);
}
