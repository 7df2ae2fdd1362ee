/**
 * Plain data of our own from the values of others. These may be proxies, have getters that throw or that answer otherwise
 * the second time, or memory that goes away while it is looked at; nothing of the kind may cross the boundary. So each is
 * read here, once, into something that nobody else holds, and the copy is what is checked. What cannot be read is
 * undefined; nothing here throws.
 */

/** Items that a list may have: more are a mistake, or a length that lies. */
const MOST_ITEMS = 2 ** 24;

function attempt<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** What there is in place of a property that cannot be read: it fits nothing. */
const UNREADABLE: unknown = Object.freeze(Object.create(null));

/** A property; undefined also of null and undefined. */
export function property(value: unknown, name: string): unknown {
  try {
    return (value as Record<string, unknown> | null | undefined)?.[name];
  } catch {
    return UNREADABLE;
  }
}

/** The properties of an object that is no list. */
export function properties(value: unknown): [string, unknown][] | undefined {
  return attempt(() => {
    const isList = Array.isArray(value) || ArrayBuffer.isView(value) || value instanceof String;
    return typeof value === 'object' && value !== null && !isList ? Object.entries(value) : undefined;
  });
}

/**
 * The items of an array, at most `most`, each as `read` makes it; undefined as soon as that is undefined for one. Where
 * nothing else is said, a hole is null.
 */
export function items<Item = unknown>(
  value: unknown,
  most = MOST_ITEMS,
  read: (item: unknown) => Item | undefined = (item) => (item ?? null) as Item,
): Item[] | undefined {
  return attempt(() => {
    if (!Array.isArray(value)) return undefined;
    const length = Number(value.length);
    if (!(length <= most)) return undefined;
    const own: Item[] = [];
    // One by one, as there need not be so many: an array may have holes.
    for (let i = 0; i < length; i++) {
      const item = read(value[i]);
      if (item === undefined) return undefined;
      own.push(item);
    }
    return own;
  });
}

/** The entries of a map or of a list of pairs. */
export function pairs(value: unknown): [unknown, unknown][] | undefined {
  const entries = attempt(() => [...Map.prototype.entries.call(value as Map<unknown, unknown>)]);
  return entries ?? items(value, MOST_ITEMS, (pair) => [property(pair, '0'), property(pair, '1')]);
}

const typedArrays = Object.getPrototypeOf(Uint8Array.prototype) as object;
const getter = (name: string | symbol): ((this: unknown) => unknown) =>
  Object.getOwnPropertyDescriptor(typedArrays, name)!.get!;

/** 'Float32Array' of such an array in truth: of no proxy, and of nothing that has only its prototype. */
export const classOf = (value: unknown): string | undefined => tagOf.call(value) as string | undefined;
const tagOf = getter(Symbol.toStringTag);
const countOf = getter('length');
const bufferOf = getter('buffer');
const offsetOf = getter('byteOffset');

/** A class of typed arrays. */
export interface ArrayClass<Numbers> {
  readonly name: string;
  new (numbers: ArrayLike<number>): Numbers;
  new (buffer: ArrayBuffer, byteOffset: number, length: number): Numbers;
}

export const isOf = (type: { readonly name: string }, value: unknown): boolean => classOf(value) === type.name;

/** How many items an array or a typed array has, whatever properties a typed array was given; undefined for all else. */
export function lengthOf(value: unknown): number | undefined {
  if (classOf(value) !== undefined) return countOf.call(value) as number;
  return attempt(() => (Array.isArray(value) ? Number(value.length) : undefined));
}

/** A copy of a typed array; one whose memory has gone has no numbers. */
export function copyOf<Numbers>(type: ArrayClass<Numbers>, value: unknown): Numbers | undefined {
  if (!isOf(type, value)) return undefined;
  return attempt(() => new type(lengthOf(value) === 0 ? [] : (value as ArrayLike<number>)));
}

/** The memory of an array as an array without properties of its own, for a call at once: later it may have gone. */
export function viewOf<Numbers>(type: ArrayClass<Numbers>, value: Numbers): Numbers {
  const length = lengthOf(value)!;
  if (length === 0) return new type([]);
  return new type(bufferOf.call(value) as ArrayBuffer, offsetOf.call(value) as number, length);
}

/** So many numbers from anything that has them by their places; zeros from nothing. */
export function floats(value: unknown, size: number): Float32Array | undefined {
  return attempt(() => {
    const own = new Float32Array(size);
    for (let i = 0; value !== undefined && i < size; i++) {
      const number = (value as ArrayLike<unknown>)[i];
      if (typeof number !== 'number') return undefined;
      own[i] = number;
    }
    return own;
  });
}

/** A copy of an ArrayBuffer. */
export const copyOfBuffer = (value: unknown): ArrayBuffer | undefined =>
  attempt(() => ArrayBuffer.prototype.slice.call(value as ArrayBuffer, 0));

/** Whether this is a compiled module in truth. */
export const isModule = (value: unknown): value is WebAssembly.Module =>
  attempt(() => WebAssembly.Module.customSections(value as WebAssembly.Module, '')) !== undefined;
