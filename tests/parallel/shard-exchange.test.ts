import { expect, test } from 'vitest';
import { ShardExchange } from '../../web/parallel/shard-exchange.js';

function pair(): [ShardExchange, ShardExchange] {
  const { port1, port2 } = new MessageChannel();
  return [new ShardExchange([null, port1]), new ShardExchange([port2, null])];
}

const gradients = (...values: number[]) => Float32Array.from(values);

test('everybody gets all contributions in the order of the replicas, and the word of the first', async () => {
  const [first, second] = pair();
  const [here, there] = await Promise.all([
    first.trade({ loss: 1, gradients: gradients(1, 2) }, true),
    second.trade({ loss: 2, gradients: gradients(3, 4) }, false),
  ]);
  for (const traded of [here, there]) {
    expect(traded.more).toBe(true);
    expect(traded.replicas.map(({ loss, gradients: all }) => [loss, ...all])).toEqual([
      [1, 1, 2],
      [2, 3, 4],
    ]);
  }
  first.fail(new Error('over'));
  second.fail(new Error('over'));
});

test('blocks go back and forth: they change their owner, and none is made after the first step', async () => {
  const [first, second] = pair();
  const seen = new Set<ArrayBuffer>();
  const own = [gradients(1), gradients(2)] as const;
  for (let step = 0; step < 5; ++step) {
    const before = [...seen];
    const [here] = await Promise.all([
      first.trade({ loss: step, gradients: own[0] }, true),
      second.trade({ loss: step, gradients: own[1] }, true),
    ]);
    // What came in the step before has left again.
    if (step > 0) expect(before.at(-1)!.byteLength).toBe(0);
    seen.add(here.replicas[1]!.gradients.buffer);
    expect(here.replicas[1]!.gradients[0]).toBe(2);
  }
  expect([...own[0], ...own[1]]).toEqual([1, 2]);
  first.fail(new Error('over'));
  second.fail(new Error('over'));
});

test('a replica may be a step ahead of another', async () => {
  const [first, second] = pair();
  const ahead = (async () => {
    await first.trade({ loss: 1, gradients: gradients(1) }, true);
    return first.trade({ loss: 2, gradients: gradients(2) }, false);
  })();
  await second.trade({ loss: 1, gradients: gradients(1) }, false);
  await new Promise((resolve) => setTimeout(resolve, 10));
  const traded = await second.trade({ loss: 2, gradients: gradients(2) }, false);
  expect(traded.replicas[0]!.loss).toBe(2);
  expect((await ahead).more).toBe(false);
  first.fail(new Error('over'));
  second.fail(new Error('over'));
});

test('who waits when it fails is told, and who comes later', async () => {
  const [first, second] = pair();
  const waiting = first.trade({ loss: 1, gradients: gradients(1) }, true);
  first.fail(new Error('the first reason'));
  first.fail(new Error('a second'));
  await expect(waiting).rejects.toThrow('the first reason');
  await expect(first.trade({ loss: 1, gradients: gradients(1) }, true)).rejects.toThrow('the first reason');
  second.fail(new Error('over'));
});
