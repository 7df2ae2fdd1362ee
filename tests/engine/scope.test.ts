import { expect, test } from 'vitest';
import type { Scope } from '../../web/engine/index.js';
import { engine, refusal, refused, SENTENCES, SMALL } from './engine.js';

/** Something that can be freed, and notes when it is. */
const thing = (name: string, freed: string[], error?: Error): Disposable => ({
  [Symbol.dispose]() {
    freed.push(name);
    if (error !== undefined) throw error;
  },
});

test('a scope frees what it was told to use, and answers what its action does', () => {
  const before = engine.liveObjects();
  const text = engine.scope((scope) => {
    const trainer = scope.use(engine.createTrainer(SMALL, SENTENCES));
    const model = scope.use(trainer.model());
    expect(engine.liveObjects()).toBeGreaterThan(before);
    return model.generate({ prompt: 'the', length: 4 });
  });
  expect(text).toHaveLength(4);
  expect(engine.liveObjects()).toBe(before);
});

test('frees the newest first, and all of it when the action fails', () => {
  const freed: string[] = [];
  const error = new Error('no');
  expect(() =>
    engine.scope((scope) => {
      scope.use(thing('first', freed));
      scope.use(thing('second', freed));
      throw error;
    }),
  ).toThrow(error);
  expect(freed).toEqual(['second', 'first']);
});

test('frees all of it when freeing one thing fails, and tells of that', () => {
  const freed: string[] = [];
  const error = new Error('stuck');
  const action = (scope: Scope): void => {
    scope.use(thing('first', freed));
    scope.use(thing('second', freed, error));
  };
  expect(() => engine.scope(action)).toThrow(error);
  expect(freed).toEqual(['second', 'first']);
});

test('lasts as long as the promise of its action', async () => {
  const before = engine.liveObjects();
  const written = engine.scope(async (scope) => {
    const model = scope.use(engine.createLanguageModel({ vocabulary: 'ab', hiddenSize: 4 }));
    await Promise.resolve();
    return model.generate({ prompt: 'a', length: 3 });
  });
  expect(engine.liveObjects()).toBe(before + 1);
  expect(await written).toHaveLength(3);
  expect(engine.liveObjects()).toBe(before);
  await expect(engine.scope(() => Promise.reject(new Error('later')))).rejects.toThrow('later');
});

test('one that has ended frees what comes too late at once, and says so', () => {
  const freed: string[] = [];
  let kept: Scope | undefined;
  engine.scope((scope) => void (kept = scope));
  expect(kept!.deleted).toBe(true);
  expect(refusal(() => kept!.use(thing('late', freed))).code).toBe('DELETED');
  expect(freed).toEqual(['late']);
  expect(() => kept!.delete()).not.toThrow();
});

test('refuses what cannot be freed, and what is no action', () => {
  for (const odd of [null, undefined, 7, {}]) {
    expect(refused(() => engine.scope((scope) => scope.use(odd as never)))).toMatch(
      /^INVALID_ARGUMENT: Scope\.use is /,
    );
    expect(refused(() => engine.scope(odd as never))).toMatch(/^INVALID_ARGUMENT: Engine\.scope: the action is /);
  }
});
