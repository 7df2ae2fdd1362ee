import { describe, expect, it } from 'vitest';
import { UsageError } from '../../web/cli/cli-error.js';
import { parseFlags } from '../../web/cli/flags.js';
import { configFromFlags, DATA_FLAGS, RUN_FLAGS } from '../../web/cli/run-flags.js';
import { DEFAULTS } from '../../web/links/index.js';
import { knownFields } from '../../web/links/run-config.js';

const allowed = [
  { name: 'out', value: 'FILE', help: '' },
  { name: 'prompt', value: 'TEXT', help: '' },
  { name: 'json', value: null, help: '' },
];

describe('flags', () => {
  it('have a value behind them or behind an equals sign', () => {
    const { flags, positionals } = parseFlags(['a', '--out', 'x', '--prompt=--y', '--json', 'b'], allowed);
    expect([...flags]).toEqual([
      ['out', 'x'],
      ['prompt', '--y'],
      ['json', ''],
    ]);
    expect(positionals).toEqual(['a', 'b']);
  });

  it('are collected where there may be several', () => {
    const many = [...allowed, { name: 'stop', value: 'TEXT', help: '', many: true as const }];
    const { flags, lists } = parseFlags(['--stop', 'a', '--out', 'x', '--stop=', '--stop', 'b'], many);
    expect([...lists]).toEqual([['stop', ['a', '', 'b']]]);
    expect([...flags]).toEqual([['out', 'x']]);
  });

  it('may have empty, negative and blank values', () => {
    expect([...parseFlags(['--prompt', '', '--out', '-1'], allowed).flags]).toEqual([
      ['prompt', ''],
      ['out', '-1'],
    ]);
    expect([...parseFlags(['--prompt', ' a b '], allowed).flags]).toEqual([['prompt', ' a b ']]);
  });

  it.each([
    [['--outt', 'x'], '--outt is not known; did you mean --out?'],
    [['--whatever'], '--whatever is not known'],
    [['-o', 'x'], '-o is not known'],
    [['--out', 'x', '--out', 'y'], '--out is there twice'],
    [['--out'], '--out needs a value, as in --out FILE'],
    [['--out', '--json'], '--out needs a value'],
    [['--json=1'], '--json is a switch and takes no value, got "1"'],
  ])('%j are refused', (args, says) => {
    expect(() => parseFlags(args, allowed)).toThrow(UsageError);
    expect(() => parseFlags(args, allowed)).toThrow(says);
  });
});

describe('a run from flags', () => {
  it('has a flag for each of its values, by the name that links use', () => {
    const fields = knownFields().map(({ name }) => name);
    expect([...DATA_FLAGS, ...RUN_FLAGS].map(({ name }) => name).sort()).toEqual([...new Set(fields)].sort());
  });

  it('is the default one without flags', () => {
    expect(configFromFlags(new Map(), 'moby-dick')).toEqual(DEFAULTS);
  });

  it('takes what flags say', () => {
    const flags = new Map([
      ['cell', 'gru'],
      ['eval-every', '10'],
      ['split', '.5,.25,.25'],
      ['greedy', ''],
      ['fast', ''],
      ['prompt', ''],
    ]);
    expect(configFromFlags(flags, { own: 'abc' })).toEqual({
      ...DEFAULTS,
      text: { own: 'abc' },
      cell: 'gru',
      evalEvery: 10,
      split: [0.5, 0.25, 0.25],
      greedy: true,
      fast: true,
    });
  });

  it('names what is wrong', () => {
    expect(() => configFromFlags(new Map([['hidden', 'many']]), 'names')).toThrow(
      '--hidden is "many", expected a whole number from 1 to 1024',
    );
  });
});
