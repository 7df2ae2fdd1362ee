import { expect, test } from 'vitest';
import type { TrainingClient } from '../../worker/client.js';
import { OwnTexts } from '../../worker/own-texts.js';
import { createStore } from '../state/store.js';
import { WorkersAdviser } from './workers-adviser.js';

test('a measurement waits for the network of the controls, which would overtake it', async () => {
  const store = createStore();
  const asked: string[] = [];
  const client = {
    request: async (kind: string) => {
      asked.push(kind);
      return { workers: 2, why: 'a step takes 5 ms' };
    },
  } as unknown as TrainingClient;
  let settle = (): void => undefined;
  const settled = new Promise<void>((resolve) => (settle = resolve));
  const adviser = new WorkersAdviser(
    store,
    client,
    new OwnTexts(client, () => []),
    () => undefined,
    () => settled,
  );

  const advice = adviser.ask();
  await new Promise((resolve) => setImmediate(resolve));
  expect(store.workersAdvice.value).toBe('measuring');
  expect(asked).toEqual([]);
  settle();
  await advice;
  expect(asked).toEqual(['chooseWorkers']);
  expect(store.workersAdvice.value).toEqual({ workers: 2, why: 'a step takes 5 ms' });
});
