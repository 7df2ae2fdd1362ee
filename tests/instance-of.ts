import { readFile } from 'node:fs/promises';

/** For a module's glue, which expects to be given an instance: one of the whole module in this file. */
export function instanceOf(file: URL) {
  return (imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void): object => {
    void readFile(file)
      .then((bytes) => WebAssembly.instantiate(bytes, imports))
      .then(({ instance }) => done(instance));
    return {};
  };
}
