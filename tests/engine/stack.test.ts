import { expect, test } from 'vitest';
import { Boundary } from '../../web/engine/module/boundary.js';
import { refusal } from './engine.js';
import { rawModule } from './raw-module.js';

test('the stack of a real module is put back', async () => {
  const module = await rawModule();
  const end = module.stackSave!();
  const boundary = new Boundary(module);
  // Past all readers: embind converts a Symbol to no number.
  for (let i = 0; i < 100; i++)
    refusal(() => boundary.call(() => module.crossEntropy(null as never, Symbol() as never, 1, null as never, {})));
  // And in the middle of a call: the array says that it has fewer numbers than it has.
  const lying = Object.defineProperty(new Uint8Array(9), 'length', { value: 5 });
  for (let i = 0; i < 100; i++)
    expect(refusal(() => boundary.call(() => module.readSafetensors(lying))).code).toBe('INVALID_ARGUMENT');
  expect(module.stackSave!()).toBe(end);
});
