/** What is said of texts and files that the reader brings; loaded with what takes them. */
export const messages = {
  text: {
    tooLarge: (name: string, size: string, limit: string) =>
      `${name} is ${size}; a text may be at most ${limit}. Choose a part of it.`,
    emptyFile: (name: string) => `${name} is empty. Choose a file with text in it.`,
    tooShort: 'There must be at least two characters, so that one can be learned to follow the other.',
  },
  model: {
    tooLarge: (name: string, size: string, limit: string) =>
      `${name} is ${size}; a model file here is at most ${limit}.`,
    emptyFile: (name: string) => `${name} is empty; it is not a model file.`,
  },
  unreadable: (name: string) => `${name} could not be read. It may have been moved or deleted.`,
  oneFile: 'Several files were dropped. Please drop one.',
  noFile: 'What was dropped is not a file.',
};
