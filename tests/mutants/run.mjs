import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

import { main } from '../../web/build/main.mjs';
import { ensureInstalled, forNativeTests } from '../../web/build/system.mjs';
import { mutants } from './mutants.mjs';
import { Workshop } from './workshop.mjs';

/**
 * npm run mutants: makes each seeded bug in a copy of the engine and shows that a native test turns red.
 * `npm run mutants -- LSTM dropout` tries those whose description contains one of the words.
 */
await main(import.meta, async () => {
  const { positionals } = parseArgs({ allowPositionals: true });
  const chosen = mutants.filter(
    ({ what }) => positionals.length === 0 || positionals.some((word) => what.includes(word)),
  );
  ensureInstalled(forNativeTests);
  const workshop = new Workshop();
  const start = performance.now();
  const failed = await workshop.original(600_000);
  if (failed) throw new Error(`The tests of the unchanged engine fail: ${failed}.`);
  // A mutant may loop for ever; ten times what the whole suite takes is enough.
  const limit = Math.max(60_000, Math.ceil(10 * (performance.now() - start)));
  const caught = await tryAll(workshop, chosen, limit);
  console.log(`${caught} of ${chosen.length} seeded bugs caught`);
  process.exitCode = caught === chosen.length && caught > 0 ? 0 : 1;
});

/** Tries the mutants, as many at once as there are processors; returns how many were caught. */
async function tryAll(workshop, chosen, limit) {
  const waiting = chosen.entries();
  let caught = 0;
  const worker = async () => {
    for (const [number, mutant] of waiting) {
      const test = await workshop.try(mutant, number, limit);
      if (test) ++caught;
      console.log(`${test ? `caught by ${test}` : 'SURVIVED'}: ${mutant.what} (${mutant.file})`);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return caught;
}
