import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { SetupError } from '../../cpp/toolchain/say.mjs';
import { main } from './main.mjs';
import { inRoot } from './paths.mjs';

/** The parts of the engine, and which others each may include: bindings -> training -> inference -> model -> {nn, text, io} -> math -> core. */
const mayInclude = {
  core: [],
  math: ['core'],
  nn: ['math', 'core'],
  text: ['math', 'core'],
  io: ['math', 'core'],
  model: ['nn', 'text', 'io', 'math', 'core'],
  inference: ['model', 'nn', 'text', 'io', 'math', 'core'],
  training: ['inference', 'model', 'nn', 'text', 'io', 'math', 'core'],
};

/** The system's headers that only compute. The engine prints nothing, opens nothing, and never asks for the time. */
const computes = new Set(
  (
    'algorithm array bit cassert cmath concepts cstddef cstdint cstring deque functional initializer_list iterator limits map memory new ' +
    'numbers numeric optional set span stdexcept string string_view tuple type_traits unordered_map utility variant vector'
  ).split(' '),
);
const forAll = (header) => computes.has(header) || header.startsWith('Eigen/');

/** What a single file may include besides. */
const besides = {
  'cpp/unroll/core/number_text.cpp': 'cstdio', // snprintf, which writes to memory
  'cpp/unroll/math/lanes.h': 'wasm_simd128.h',
};

/** Sentences about the includes of a file of cpp/unroll that go against the arrows. */
export function wrongIncludes(file, text) {
  const part = file.split('/')[2];
  if (!Object.hasOwn(mayInclude, part)) return [`${file}: ${part} is no part of the engine that arrows.mjs knows`];
  const lines = [...text.matchAll(/^[ \t]*#[ \t]*(?:include|import)\b[ \t]*(.*)$/gm)].map(([, rest]) => rest.trim());
  return lines.map((line) => objection(file, part, line)).filter(Boolean);
}

function objection(file, part, line) {
  const [, system, own] = /^(?:<([^>]+)>|"([^"]+)")/.exec(line) ?? [];
  if (system !== undefined) {
    if (forAll(system) || besides[file] === system) return undefined;
    return `${file} includes <${system}>, which is not one of the headers that only compute`;
  }
  const [root, other] = own?.split('/') ?? [];
  if (root === 'unroll' && (other === part || mayInclude[part].includes(other))) return undefined;
  return `${file} includes ${own ?? line}; ${part} may include ${[...mayInclude[part], 'itself'].join(', ')} only`;
}

/** The arrows of C++, as part of npm run check. */
await main(import.meta, () => {
  const files = readdirSync(inRoot('cpp/unroll'), { recursive: true }).filter((name) => /\.(?:h|cpp)$/.test(name));
  const wrong = files
    .map((name) => join('cpp/unroll', name))
    .flatMap((file) => wrongIncludes(file, readFileSync(inRoot(file), 'utf8')));
  if (wrong.length > 0) throw new SetupError(wrong.join('\n'));
});
