import { spawnSync } from 'node:child_process';

import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

import { wrongIncludes } from '../../web/build/arrows.mjs';
import { inRoot, root } from '../../web/build/paths.mjs';

describe('an include in C++', () => {
  it.each([
    ['cpp/unroll/nn/planted.h', '#include "unroll/text/utf8.h"'],
    ['cpp/unroll/text/planted.h', '#include "unroll/io/json.h"'],
    ['cpp/unroll/io/planted.h', '#include "unroll/nn/cell.h"'],
    ['cpp/unroll/math/planted.h', '#include "unroll/model/config.h"'],
    ['cpp/unroll/core/planted.h', '  #  include "unroll/math/gemm.h" // why not'],
    ['cpp/unroll/model/planted.h', '#include "unroll/training/trainer.h"'],
    ['cpp/unroll/inference/planted.h', '#include "unroll/training/trainer.h"'],
    ['cpp/unroll/model/planted.h', '#include "bindings/result.h"'],
    ['cpp/unroll/model/planted.h', '#include "../../bindings/result.h"'],
    ['cpp/unroll/model/planted.h', '#include SOMETHING'],
    ['cpp/unroll/model/planted.cpp', '#include <emscripten/val.h>'],
    ['cpp/unroll/model/planted.cpp', '#include "emscripten.h"'],
    ...['chrono', 'ctime', 'iostream', 'fstream', 'cstdio', 'stdio.h', 'thread', 'random', 'unistd.h'].map((header) => [
      'cpp/unroll/core/planted.cpp',
      `#include <${header}>`,
    ]),
  ])('of %s is refused: %s', (file, line) => {
    const [sentence, ...more] = wrongIncludes(file, `#pragma once\n\n${line}\n\nint x;\n`);
    expect(sentence).toContain(`${file} includes `);
    expect(more).toEqual([]);
  });

  it('along the arrows is none of these', () => {
    const lines = ['<vector>', '<Eigen/Core>', '"unroll/io/json.h"', '"unroll/core/error.h"', '"unroll/model/config.h"'];
    expect(
      wrongIncludes('cpp/unroll/model/planted.h', lines.map((what) => `#include ${what}\n`).join('')),
    ).toEqual([]);
  });

  it('in a part that nobody has drawn an arrow to is refused', () => {
    expect(wrongIncludes('cpp/unroll/planted/a.h', '')).toHaveLength(1);
  });

  it('is looked at in every file of the engine', () => {
    const { status, stderr } = spawnSync(process.execPath, [inRoot('web/build/arrows.mjs')], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });
});

describe('a global that a part of the web may not touch', () => {
  // Of the planted files none is there.
  const allowDefaultProject = ['web/page/lenses/planted/*.tsx', 'web/page/lenses/planted/parts/*.tsx'];
  const eslint = new ESLint({
    cwd: root,
    overrideConfig: { languageOptions: { parserOptions: { projectService: { allowDefaultProject } } } },
  });
  /** The rules that object to a text in the place of a file that is there. */
  const objections = async (filePath, text) => {
    const [{ messages }] = await eslint.lintText(text, { filePath });
    return messages.map(({ ruleId, message }) => ruleId ?? message);
  };
  const never = ['WebSocket', 'RTCPeerConnection', 'EventSource', 'XMLHttpRequest'];
  const notInTheEngine = ['document', 'window', 'Date', 'performance', 'localStorage'];

  it.each([...never, ...notInTheEngine])('is refused in the engine: %s', async (name) => {
    expect(await objections('web/engine/text/text.ts', `export const planted: unknown = ${name};\n`)).toEqual([
      'no-restricted-globals',
    ]);
  });

  it.each(never)('is refused in links: %s', async (name) => {
    expect(await objections('web/links/link.ts', `export const planted: unknown = ${name};\n`)).toEqual([
      'no-restricted-globals',
    ]);
  });

  it('is allowed where it belongs', async () => {
    expect(await objections('web/page/main.tsx', 'export const planted: unknown = [document, Date];\n')).toEqual([]);
  });

  it.each([
    ['web/page/lenses/planted/index.tsx', './model.js'],
    ['web/page/lenses/planted/index.tsx', '../use-answer.js'],
    ['web/page/lenses/planted/parts/map.tsx', '../model.js'],
    ['web/page/lenses/planted/index.tsx', '../../components/choice.js'],
  ])('but a lens may know its own parts and what all lenses share, in %s of %s', async (file, from) => {
    expect(await objections(file, `import '${from}';\n`)).toEqual([]);
  });

  it.each([
    ['web/page/main.tsx', '../engine/cells.js'],
    ['web/links/link.ts', '../engine/cells.js'],
  ])('but every part may know the table of cells: %s of %s', async (file, from) => {
    expect(await objections(file, `import '${from}';\n`)).toEqual([]);
  });

  it.each([
    ['web/page/main.tsx', '../engine/cells.js/../engine.js'],
    ['web/engine/text/text.ts', '../../page/messages.js'],
    ['web/links/link.ts', '../engine/index.js'],
    ['web/page/main.tsx', '../engine/index.js'],
    ['web/links/link.ts', '../tasks/language/fields.js'],
    ['web/links/tasks.ts', '../tasks/tasks.js'],
    ['web/links/tasks.ts', '../engine/index.js'],
    ['web/run/run.ts', '../page/messages.js'],
    ['web/page/lenses/planted/index.tsx', '../gates/model.js'],
    ['web/page/lenses/planted/parts/map.tsx', '../../gates/index.js'],
    ['web/tasks/language/fields.ts', '../../engine/index.js'],
    ['web/tasks/language/fields.ts', '../classify/fields.js'],
    ['web/tasks/language/fields.ts', '../../run/index.js'],
  ])('and so is an import against the arrows, in %s of %s', async (file, from) => {
    expect(await objections(file, `import '${from}';\n`)).toEqual(['no-restricted-imports']);
  });
});
