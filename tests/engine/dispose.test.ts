import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import ts from 'typescript';
import { expect, test } from 'vitest';

const source = readFileSync(new URL('../../web/engine/dispose.ts', import.meta.url), 'utf8');
const script = ts.transpile(source, { module: ts.ModuleKind.ESNext }).replace('export {};', '');

/** A world without Symbol.dispose, as older browsers are. */
function olderWorld(): object {
  const world = createContext({});
  runInContext(
    `Object.defineProperty(globalThis, 'Symbol', { value: Object.assign((name) => Object(name), {}) })`,
    world,
  );
  return world;
}

test('Symbol.dispose is defined where it is missing', () => {
  const world = olderWorld();
  expect(runInContext('Symbol.dispose', world)).toBeUndefined();
  runInContext(script, world);
  expect(runInContext('Symbol.dispose', world)).toBeDefined();
});

test('and left alone where it is not', () => {
  const world = olderWorld();
  runInContext('Symbol.dispose = "theirs"', world);
  runInContext(script, world);
  expect(runInContext('Symbol.dispose', world)).toBe('theirs');
});
