import { expect, test } from 'vitest';
import { createEngine } from '../../web/engine/index.js';
import type { TrainerConfig } from '../../web/engine/index.js';
import { refused } from './engine.js';

/** A text of this many characters, 65 of them different. */
function textOf(length: number): string {
  return Array.from({ length }, (_, i) => String.fromCharCode(48 + ((i * i + (i >> 3)) % 65))).join('');
}

/** As the page trains by default. */
const CONFIG: TrainerConfig = { hiddenSize: 128, batchSize: 32, seqLen: 64, seed: 1 };

/**
 * Bytes that training cannot do without: weights, gradients and two moments of 4 bytes each, and what an LSTM keeps of
 * a window for the way back: per character four gates, the cell and its tanh, the output and the logits.
 */
function leastBytes(vocabSize: number, hidden: number, batch: number, seq: number): number {
  const parameters = 4 * hidden * (vocabSize + hidden + 2) + vocabSize * (hidden + 1);
  return 4 * (4 * parameters + batch * seq * (4 * hidden + 3 * hidden + vocabSize));
}

test('training takes at most three times the memory that it cannot do without, watchdog and text included', async () => {
  const own = await createEngine();
  using trainer = own.createTrainer(CONFIG, textOf(200_000));
  trainer.train(1);
  trainer.evaluate('validation');
  // Beyond the third checkpoint of the watchdog, which takes the place of the first.
  trainer.train(110);
  trainer.evaluate('test');
  using model = trainer.model();
  model.generate({ prompt: '0', length: 10 });
  expect(own.heapBytes()).toBeLessThan(3 * leastBytes(65, 128, 32, 64));
});

test('training stays at the memory that it has taken after its first steps', async () => {
  const own = await createEngine();
  using trainer = own.createTrainer({ ...CONFIG, hiddenSize: 32 }, textOf(20_000));
  trainer.train(101);
  trainer.evaluate('validation');
  const heap = own.heapBytes();
  const used = own.usedBytes();
  for (let round = 0; round < 5; round++) {
    trainer.train(60);
    trainer.evaluate('validation');
  }
  expect(own.heapBytes()).toBe(heap);
  expect(Math.abs(own.usedBytes() - used)).toBeLessThan(1000); // blocks are reused, and not all to the byte
});

test.each([
  { hiddenSize: 64, batchSize: 32, seqLen: 64 },
  { hiddenSize: 128, batchSize: 32, seqLen: 64 },
  { hiddenSize: 128, batchSize: 50, seqLen: 50, numLayers: 2 },
  { cell: 'gru', hiddenSize: 256, batchSize: 8, seqLen: 32 },
] as const)('the memory that a plan foresees is what training comes to use, text aside: %j', async (config) => {
  const own = await createEngine();
  const text = textOf(20_000);
  const { memoryBytes } = own.plan({ ...config, vocabSize: 65 });
  const before = own.usedBytes();
  using trainer = own.createTrainer(config, text);
  trainer.train(101);
  const used = own.usedBytes() - before - 9 * text.length; // tokens twice, and the bytes that they came from
  expect(used / memoryBytes).toBeGreaterThan(0.75);
  expect(used / memoryBytes).toBeLessThan(1.2);
});

test('batches are made of a million sequences, and of no more', async () => {
  const own = await createEngine();
  const million = new Int32Array(2 ** 20).map((_, i) => 1 + (i % 37));
  const before = own.heapBytes();
  const { batches } = own.bucketByLength(million, { batchSize: 1 });
  expect(batches).toHaveLength(million.length);
  expect(own.heapBytes() - before).toBeLessThan(80e6);
  const heap = own.heapBytes();
  const most = 'lengths is a Int32Array, expected an array of lengths, at most 1048576';
  for (const count of [2 ** 20 + 1, 10_000_000]) {
    expect(refused(() => own.bucketByLength(new Int32Array(count).fill(3), { batchSize: 2 }))).toContain(most);
  }
  expect(refused(() => own.bucketByLength(new Array(2 ** 31), { batchSize: 2 }))).toContain('at most 1048576');
  expect(own.heapBytes()).toBe(heap);
});
