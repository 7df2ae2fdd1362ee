import { classOf, lengthOf } from './own.js';

/** A value of unknown origin as a few words for an error message; never fails and never gets long. */
export function show(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
      return 'missing';
    case 'string':
      return value.length <= 40 ? JSON.stringify(value) : `${JSON.stringify(value.slice(0, 40))}…`;
    case 'number':
    case 'boolean':
      return String(value);
    case 'bigint':
      return value > -1e30 && value < 1e30 ? `${value}n` : 'a bigint';
    case 'object':
      return value === null ? 'null' : kindOf(value);
    default:
      return `a ${typeof value}`;
  }
}

/** "(3, 4, 10)", as PyTorch writes shapes. */
export function showShape(shape: readonly (number | string)[]): string {
  return `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;
}

function kindOf(value: object): string {
  const length = lengthOf(value);
  const type = classOf(value);
  if (type !== undefined) return `a ${type}`;
  return typeof length === 'number' ? `an array of ${length}` : 'an object';
}
