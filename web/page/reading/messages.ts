/** What is said of the reading. */
export const messages = {
  label: 'The reading',
  loading: 'The network begins to read…',
  keys: 'Arrow keys left and right move along the text, up and down among the units',
  at: (character: string, position: string) => `${character}, character ${position}`,
  names: { ' ': 'space', '\n': 'line break', '\t': 'tab' } as Readonly<Record<string, string>>,
};
