/** What a comment indents by two or more after an empty line is equations or a table, where every blank counts. */
const isFixed = (line) => /^ {2,}\S/.test(line);

export const fence = (language, lines) => ['```' + language, ...lines, '```'].join('\n');

/** A comment in Markdown: its equations become blocks of code, and `prose` is applied to every other line. */
export function fenceEquations(text, prose = (line) => line) {
  const lines = text.split('\n');
  const result = [];
  for (let i = 0; i < lines.length; i++) {
    if (!isFixed(lines[i]) || (i > 0 && lines[i - 1] !== '')) {
      result.push(prose(lines[i]));
      continue;
    }
    const begin = i;
    while (i + 1 < lines.length && /^ {2,}\S/.test(lines[i + 1])) i++;
    const block = lines.slice(begin, i + 1);
    const indent = Math.min(...block.map((line) => line.search(/\S/)));
    result.push(fence('text', block.map((line) => line.slice(indent))));
  }
  return result.join('\n');
}
