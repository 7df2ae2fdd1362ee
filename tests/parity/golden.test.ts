import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createEngine } from '../../web/engine/index.js';
import { runFolder } from './run-folder.mjs';
import type { CaseResult } from './run-folder.mjs';

const folder = fileURLToPath(new URL('../golden/parity', import.meta.url));

const results = new Map<string, CaseResult>();
const engine = await createEngine();
const counts = runFolder(engine, folder, (id, result) => results.set(id, result));

test.each([...results])('%s agrees with PyTorch', (_, { status, worst, reason }) => {
  expect(reason).toBeUndefined();
  expect(status).toBe('pass');
  expect(worst!.error).toBeLessThanOrEqual(worst!.tolerance);
  expect(worst!.tolerance).toBeLessThanOrEqual(1e-4);
});

test('all twenty-five were run, and left nothing behind', () => {
  expect(counts).toEqual({ pass: 25, fail: 0, unsupported: 0 });
  expect(engine.liveObjects()).toBe(0);
});

test('the command says so, a line for each and the counts', () => {
  const main = fileURLToPath(new URL('./main.mjs', import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, [main, folder], { encoding: 'utf8' });
  expect(status).toBe(0);
  const lines = stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(26);
  expect(lines[0]).toMatch(/^pass +backward_lstm_l1_uni_h0 +\d\.\de-\d+ of 5e-6 {2}[\w.]+$/);
  expect(lines[25]).toBe('25 passed, 0 failed, 0 not yet supported');
});

test('the fast build passes every one of them too', () => {
  const main = fileURLToPath(new URL('./main.mjs', import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, [main, folder, '--fast'], { encoding: 'utf8' });
  expect(stdout.trimEnd().split('\n').at(-1)).toBe('25 passed, 0 failed, 0 not yet supported');
  expect(status).toBe(0);
});

test('the command wants to know which folder', () => {
  const main = fileURLToPath(new URL('./main.mjs', import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [main], { encoding: 'utf8' });
  expect(status).toBe(2);
  expect(stderr).toContain('name a folder');
});
