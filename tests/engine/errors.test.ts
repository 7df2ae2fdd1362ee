import { describe, expect, test } from 'vitest';
import { ENGINE_CODES } from '../../web/engine/errors.js';
import { ERROR_CODES, UnrollError } from '../../web/engine/index.js';
import { errorCodes } from '../../web/engine/internal.js';
import { engine } from './engine.js';

describe('error codes', () => {
  test('are the engine’s, in its order, and ours', () => {
    expect(errorCodes(engine)).toEqual(ENGINE_CODES);
    expect(ERROR_CODES.slice(0, ENGINE_CODES.length)).toEqual(ENGINE_CODES);
  });

  test('are all different', () => {
    expect(new Set(ERROR_CODES).size).toBe(ERROR_CODES.length);
  });

  test('come with errors that can be told from others', () => {
    const error = new UnrollError('TOO_BIG', 'a sentence', { cause: 'why' });
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toBe('UnrollError: a sentence');
    expect(error.cause).toBe('why');
  });
});
