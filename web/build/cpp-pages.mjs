import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { fence, fenceEquations } from './equations.mjs';
import { inRoot } from './paths.mjs';

/** The folders of the engine, from the bottom up. */
export const parts = ['core', 'math', 'nn', 'text', 'io', 'model', 'inference', 'training'];

/** What the headers of a folder stand under. */
export const groupOf = (part) => `C++ headers: ${part}`;

/**
 * The headers of the engine as Markdown pages for TypeDoc: what stands behind /// is the text, and the declarations between
 * are code. Private parts are left out. Returns the pages.
 */
export function writeCppPages(folder) {
  rmSync(folder, { recursive: true, force: true });
  return parts.flatMap((part) => {
    const names = readdirSync(inRoot('cpp/unroll', part)).filter((name) => name.endsWith('.h'));
    return names.map((name) => {
      const page = join(folder, part, `${name}.md`);
      const header = readFileSync(inRoot('cpp/unroll', part, name), 'utf8');
      mkdirSync(dirname(page), { recursive: true });
      const frontMatter = `---\ntitle: ${part}/${name}\ngroup: "${groupOf(part)}"\n---\n\n`;
      writeFileSync(page, frontMatter + pageOf(`unroll/${part}/${name}`, header));
      return page;
    });
  });
}

/** A header as text and code in turns. */
function pageOf(title, header) {
  const pieces = [];
  for (const line of publicLines(header)) {
    const comment = /^\s*\/\/\/ ?(.*)$/.exec(line);
    const kind = comment ? 'text' : 'code';
    if (pieces.at(-1)?.kind !== kind) pieces.push({ kind, lines: [] });
    pieces.at(-1).lines.push(comment ? comment[1] : line);
  }
  const body = pieces.map(({ kind, lines }) => (kind === 'text' ? fenceEquations(lines.join('\n'), escape) : codeOf(lines))).filter(Boolean);
  return `# ${title}\n\n${body.join('\n\n')}\n`;
}

/** Without what a reader of the interface does not look for. */
function publicLines(header) {
  const lines = [];
  let hidden = false;
  for (const line of header.split('\n')) {
    if (line === ' private:') hidden = true;
    if (line.startsWith('};')) hidden = false;
    if (!hidden && !/^(#pragma|#include|namespace unroll|}  \/\/ namespace)/.test(line)) lines.push(line);
  }
  return lines;
}

function codeOf(lines) {
  const begin = lines.findIndex((line) => line.trim() !== '');
  if (begin < 0) return '';
  const end = lines.findLastIndex((line) => line.trim() !== '');
  const kept = lines.slice(begin, end + 1);
  const indent = Math.min(...kept.filter((line) => line !== '').map((line) => line.search(/\S/)));
  // A lone brace that closes a class says nothing to a reader.
  return kept.every((line) => /^\s*(};|\w+:)?$/.test(line)) ? '' : fence('cpp', kept.map((line) => line.slice(indent)));
}

/** Markdown means something by these, a header does not. Addresses become links. */
function escape(line) {
  return line
    .split(/(`[^`]*`|https?:\/\/[^\s)]+[^\s).,])/)
    .map((piece, i) => (i % 2 === 0 ? piece.replace(/[\\*_<>[\]{}@|#]/g, '\\$&') : piece.startsWith('`') ? piece : `<${piece}>`))
    .join('');
}
