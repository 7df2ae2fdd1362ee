import { describe, expect, it } from 'vitest';
import {
  completeConfig,
  DEFAULTS,
  describeRange,
  findProblems,
  LIMITS,
  readLink,
  TASK_NAMES,
  writeLink,
} from '../../web/links/index.js';
import type { NumberKey } from '../../web/links/index.js';
import { fieldsOf } from '../../web/links/run-config.js';

const keys = Object.keys(LIMITS) as NumberKey[];

describe.each(keys)('%s', (key) => {
  const { min, max } = LIMITS[key];

  it.each([min, max])('may be %d', (value) => {
    expect(findProblems({ ...DEFAULTS, [key]: value })).toEqual([]);
  });

  it.each([
    min - 1,
    max + max / 1e6 + 1,
    NaN,
    Infinity,
    -Infinity,
    '7',
    null,
    undefined,
    true,
    [1],
    2 ** 53,
    -(2 ** 31),
    2 ** 64,
  ])('may not be %s', (value) => {
    const problems = findProblems({ ...DEFAULTS, [key]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]!.key).toBe(key);
    expect(problems[0]!.message).toContain(`expected ${describeRange(key)}`);
  });
});

describe('a configuration', () => {
  it('has no problem by default', () => {
    expect(findProblems(DEFAULTS)).toEqual([]);
    expect(completeConfig({})).toEqual(DEFAULTS);
  });

  it('names each wrong value by its key, once', () => {
    const problems = findProblems({ ...DEFAULTS, hiddenSize: 0, text: { own: '' }, prompt: '\ud800', split: [2, 0] });
    expect(problems.map((problem) => problem.key)).toEqual(['text', 'hiddenSize', 'split', 'prompt']);
  });

  it('cannot be changed by accident', () => {
    expect(Object.isFrozen(DEFAULTS) && Object.isFrozen(DEFAULTS.split)).toBe(true);
  });

  it.each([0, 1, 'true', null, undefined])('is fast or not, and nothing like %j', (fast) => {
    const [problem] = findProblems({ ...DEFAULTS, fast });
    expect(problem).toMatchObject({
      key: 'fast',
      message: expect.stringContaining('expected true or false') as string,
    });
  });

  it.each([null, 3, 'text', []])('is not %j', (value) => {
    expect(findProblems(value).length).toBeGreaterThan(0);
  });
});

describe('the task of a run', () => {
  it('is a language model where nobody says', async () => {
    expect(completeConfig({}).task).toBe('language');
    expect((await readLink('#v=1&task=language&cell=gru')).config).toEqual({ ...DEFAULTS, cell: 'gru' });
    expect(await writeLink({ config: DEFAULTS })).not.toContain('task');
  });

  it('is refused when there is none of that name', async () => {
    await expect(readLink('#v=1&task=juggling')).rejects.toThrow('task is "juggling", expected one of language');
    expect(findProblems({ ...DEFAULTS, task: 7 })).toEqual([
      { key: 'task', message: expect.stringMatching(/^task is 7, expected one of language/) as string },
    ]);
  });

  it.each(TASK_NAMES)('has fields that fit their own standard values: %s', (task) => {
    const fields = fieldsOf(task);
    for (const { property, name, standard, problem, parse, write } of fields) {
      const expected = property === 'task' ? task : standard;
      expect(problem(expected), name).toBeNull();
      if (property !== 'task') expect(parse(write(standard)), name).toEqual(standard);
    }
    expect(new Set(fields.map(({ name }) => name)).size).toBe(fields.length);
  });
});
