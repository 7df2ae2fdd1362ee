import { expectEdition } from '../../corpora/edition.js';
import type { ReadBundledText } from '../../corpora/load-text.js';
import { LabelledTexts } from '../../engine/sequences.js';
import type { Loaded } from '../task.js';

/** Made at build time from two lists, one line `name<tab>list` for each of their entries. */
const FILE = 'given-names.txt';
const EDITION = { bytes: 115_909, crc32: '3c8a6b63' };

const CLASSES = ['female', 'male'];

/** Given names by the list that they are on. Those on both are left out, and counted: nothing in them says which it is. */
export async function loadNames(readFile: ReadBundledText): Promise<Loaded<LabelledTexts>> {
  const bytes = await readFile(FILE);
  expectEdition(FILE, bytes, EDITION);
  const lists = new Map<string, Set<string>>();
  for (const line of new TextDecoder().decode(bytes).trimEnd().split('\n')) {
    const [name, list] = line.split('\t') as [string, string];
    lists.set(name, (lists.get(name) ?? new Set()).add(list));
  }
  const known = [...lists].filter(([, on]) => on.size === 1);
  const data = new LabelledTexts({
    texts: known.map(([name]) => name),
    labels: known.map(([, [list]]) => CLASSES.indexOf(list!)),
    classes: CLASSES,
  });
  return { data, notes: [`${lists.size - known.length} names are both ${CLASSES.join(' and ')}, and left out`] };
}
