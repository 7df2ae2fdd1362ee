import { expect, it } from 'vitest';

import { count, kindOf } from './count.mjs';

it.each([
  ['cpp/unroll/nn/gru.cpp', 'code'],
  ['cpp/unroll/nn/cell.cpp', 'registries'],
  ['web/engine/cells.ts', 'registries'],
  ['web/page/lenses/gates/style.css', 'code'],
  ['web/page/lenses/gates/model.test.ts', 'tests'],
  ['tests/mutants/nn.mjs', 'tests'],
  ['README.md', 'documents'],
])('knows what %s is: %s', (path, kind) => {
  expect(kindOf(path)).toBe(kind);
});

it('counts each file once, tests apart, and what was there before apart from what is new', () => {
  const status = [
    'A\tcpp/unroll/nn/mgu.cpp',
    'M\tcpp/unroll/nn/cell.cpp',
    'R090\tweb/page/old.ts\tweb/page/new.ts',
    'M\tREADME.md',
    'A\ttests/cpp/nn/mgu_test.cpp',
    '',
  ].join('\n');
  expect(count(status)).toEqual({ code: 2, registries: 1, documents: 1, tests: 1, added: 1, changed: 3 });
});
