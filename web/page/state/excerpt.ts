/** How many characters of the text the diagram of the network shows; the same are marked in the excerpt. */
export const MARKED = 6;

/** The beginning of the text as a reader sees it: the marked characters, and what follows. */
export function splitExcerpt(excerpt: string): { marked: readonly string[]; rest: string } {
  const characters = [...excerpt];
  return { marked: characters.slice(0, MARKED), rest: characters.slice(MARKED).join('') };
}
