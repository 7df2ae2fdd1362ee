/** What stands around the place for a text of the reader's own. */
export const messages = {
  paste: 'Paste a text of your own, a few thousand characters or more',
  use: 'Use this text',
  chooseFile: 'Choose a file…',
  drop: 'or drop one anywhere on this page',
  keep: 'Keep the old text',
};
