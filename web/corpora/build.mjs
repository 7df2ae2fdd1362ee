/**
 * Makes the bundled texts, `web/corpora/texts/*.txt`, from the npm packages that hold them. The bytes depend on nothing
 * else, and the catalogue knows their checksums.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { givenNames } from './given-names.mjs';
import { mobyDick } from './moby-dick.mjs';
import { names } from './names.mjs';

const folder = new URL('./texts/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const [id, make] of Object.entries({ 'given-names': givenNames, 'moby-dick': mobyDick, names })) {
  writeFileSync(new URL(`${id}.txt`, folder), make().normalize('NFC'));
}
