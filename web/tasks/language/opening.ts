/**
 * What a text begins with when nobody says: as if after a line break, where words and names begin too. In a text of a
 * single line it is the vocabulary's first character. A network needs some character to say the next one.
 *
 * @param vocabulary the characters that the model knows, in the order of its tokens
 */
export function openingFor(prompt: string, vocabulary: string): string {
  if (prompt !== '') return prompt;
  return vocabulary.includes('\n') ? '\n' : String.fromCodePoint(vocabulary.codePointAt(0)!);
}
