import { expect } from 'vitest';
import { ERROR_CODES, UnrollError } from '../../web/engine/index.js';
import { engine } from './engine.js';
import { disguised, strangers } from './odd-values.js';

/** A call with a place for something hostile, and what is valid there, disguised the oddest of all. */
export type HostileCall = readonly [call: (it: never) => unknown, valid?: unknown];

/** Each is refused with a sentence and a code, or does nothing; nothing that was made stays behind. */
export async function expectRefusals([call, valid]: HostileCall): Promise<void> {
  const before = engine.liveObjects();
  let refusals = 0;
  // What somebody's own function does is not looked at.
  const strange = strangers().filter((it) => typeof it !== 'function');
  for (const hostile of [...strange, ...disguised(valid)]) {
    try {
      const made = await call(hostile as never);
      if (typeof made === 'object' && made !== null && Symbol.dispose in made) (made as Disposable)[Symbol.dispose]();
    } catch (error) {
      expect(error).toBeInstanceOf(UnrollError);
      const { code, message } = error as UnrollError;
      expect(ERROR_CODES).toContain(code);
      expect(['INTERNAL', 'ENGINE_STOPPED', 'OUT_OF_MEMORY', 'DELETED'], message).not.toContain(code);
      expect(message).not.toContain('the engine cannot read');
      expect(message).toMatch(/^[A-Za-z][\w. :]*/);
      expect(message.length).toBeLessThan(500);
      refusals++;
    }
  }
  expect(refusals).toBeGreaterThan(strange.length / 2);
  expect(engine.liveObjects()).toBe(before);
}

/** The names of what can be called of a class and of its instances. */
export function methodsOf(type: { readonly prototype: object }): string[] {
  let described = Object.getOwnPropertyDescriptors(type) as Record<string, PropertyDescriptor>;
  for (let part = type.prototype; part !== Object.prototype; part = Object.getPrototypeOf(part) as object) {
    described = { ...described, ...Object.getOwnPropertyDescriptors(part) };
  }
  return Object.entries(described).flatMap(([name, { value }]) =>
    typeof value === 'function' && name !== 'constructor' ? [name] : [],
  );
}
