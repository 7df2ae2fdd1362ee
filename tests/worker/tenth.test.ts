import { expect, test } from 'vitest';
import { Tenth } from '../../web/worker/tenth.js';

/** Work that takes so long, by a clock that only work moves. */
function setUp() {
  let time = 0;
  const tenth = new Tenth(() => time);
  const done: string[] = [];
  const look = (name: string, ms: number): Promise<void> =>
    tenth.turn(() =>
      tenth.spend(async () => {
        time += ms;
        done.push(name);
      }),
    );
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 20; ++i) await Promise.resolve();
  };
  return { tenth, done, look, settle };
}

test('what is looked at while there is training waits until it is a tenth of the time', async () => {
  const { tenth, done, look, settle } = setUp();
  tenth.earn(40);
  await look('first', 4);
  void look('second', 1);
  void look('third', 1);
  tenth.earn(35);
  await settle();
  expect(done).toEqual(['first']);
  tenth.earn(1);
  await settle();
  expect(done).toEqual(['first', 'second']);
  tenth.earn(9);
  await settle();
  expect(done).toEqual(['first', 'second', 'third']);
});

test('without training nothing waits, and what waited need not when training has ended', async () => {
  const { tenth, done, look, settle } = setUp();
  await look('first', 400);
  await look('second', 400);
  tenth.earn(40);
  await look('third', 400);
  void look('fourth', 400);
  await settle();
  expect(done).toHaveLength(3);
  tenth.rest();
  await settle();
  await look('fifth', 400);
  expect(done).toEqual(['first', 'second', 'third', 'fourth', 'fifth']);
});

test('work that fails leaves the turn to the next', async () => {
  const { tenth, done, look } = setUp();
  await expect(tenth.turn(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await look('next', 1);
  expect(done).toEqual(['next']);
});
