/** What each part of a cell does, by its letter. */
export const messages = {
  part: 'Part of the cell',
  layer: 'Layer',
  names: {
    i: 'Input gate i',
    f: 'Forget gate f',
    g: 'New values g',
    o: 'Output gate o',
    r: 'Reset gate r',
    z: 'Update gate z',
    n: 'New values n',
    h: 'Hidden state h',
    c: 'Cell state c',
  } as Readonly<Record<string, string>>,
  map: (name: string, units: string) => `${name}: a row for each of ${units} units, a column for each character`,
  at: (name: string, unit: string, character: string, value: string) =>
    `${name} of unit ${unit} after ${character}: ${value}`,
  step: (step: string) => `step ${step}`,
  scale: 'from −1 to 1',
};
