/** What a program without types, or a person who means harm, can put in place of anything. */

export function fail(): never {
  throw new Error('nobody asked for this');
}

/** Values of each kind that there is, whatever is expected. New ones each time: some can be used once only. */
export const strangers = (): unknown[] => [
  ...[undefined, null, true, 0, -0, -1, 0.5, NaN, Infinity, -Infinity, 1e300, 2 ** 31, 2 ** 32 + 1, 2 ** 53],
  ...['', '7', 'lstm', 'a\ud800b', 'x'.repeat(10_000), 10n, 2n ** 4000n, Symbol('s'), () => 7, class {}],
  ...[[], [1, 2, 3], [[]], [,], [undefined], {}, { length: 3 }, new Array(3), new Array(2 ** 32 - 1)],
  { shape: [1, 1, 3], data: 'abc' },
  { shape: [2 ** 20, 2 ** 20, 3], data: new Float32Array(3) },
  { shape: [NaN], data: new Float32Array(0) },
  { shape: { length: 3 }, data: new Float32Array(3) },
  Object.create(null),
  Object.create(null, { toString: { get: fail } }),
  { toString: fail, valueOf: fail },
  {
    get [Symbol.toStringTag]() {
      return fail();
    },
    [Symbol.toPrimitive]: fail,
  },
  new Proxy({}, { get: (_, name) => (name === Symbol.toPrimitive ? fail : 3) }),
  ...[allThrows({}), allThrows([]), allThrows(fail), revoked({}), revoked([]), revoked(new Float32Array(3))],
  ...[new Float32Array(3), new Float64Array(3), new Int32Array(0), new Uint8Array(9), new BigInt64Array(2)],
  ...[
    Float32Array.prototype,
    Uint8Array.prototype,
    Array.prototype,
    Map.prototype,
    Object.create(Float32Array.prototype),
  ],
  ...[
    new ArrayBuffer(8),
    new SharedArrayBuffer(8),
    new DataView(new ArrayBuffer(8)),
    new Map([['a', 1]]),
    new Set([1]),
  ],
  ...[
    new Date(NaN),
    new String('abc'),
    new Number(3),
    /x/,
    new Error('x'),
    Promise.resolve(),
    new WeakMap(),
    globalThis,
  ],
];

/** A valid value in forms that pass for it at first sight; in each part of it, one at a time. */
export function* disguised(value: unknown): Generator<unknown> {
  if (typeof value !== 'object' || value === null) {
    if (typeof value === 'string') yield* [new String(value), { toString: () => value }];
    if (typeof value === 'number') yield* [new Number(value), BigInt(Math.trunc(value)), String(value)];
    return;
  }
  yield* [
    new Proxy(value, {}),
    allThrows(value),
    revoked(value),
    Object.create(value),
    Object.create(Object.getPrototypeOf(value)),
  ];
  if (ArrayBuffer.isView(value)) yield* arrays(value as Float32Array);
  else if (Array.isArray(value)) yield* lists(value);
  else if (value instanceof Map) yield* maps(value as Map<unknown, unknown>);
  else if (Object.getPrototypeOf(value) === Object.prototype) yield* records(value as Record<string, unknown>);
}

function* arrays(value: Float32Array): Generator<unknown> {
  const type = value.constructor as Float32ArrayConstructor;
  const copy = (): Float32Array => type.from(value);
  const bytes = value.byteLength;
  const over = (buffer: ArrayBufferLike, length?: number): Float32Array => {
    const array = new type(buffer as ArrayBuffer, 0, length);
    array.set(value);
    return array;
  };
  const own = (properties: PropertyDescriptorMap): Float32Array => Object.defineProperties(copy(), properties);
  yield* [type.prototype, detached(copy()), [...value], Array.prototype.slice.call(value), new Array(value.length)];
  yield over(new ArrayBuffer(bytes, { maxByteLength: 2 * bytes }));
  yield over(new SharedArrayBuffer(bytes));
  yield over(new SharedArrayBuffer(bytes, { maxByteLength: 2 * bytes }), value.length);
  const shrunk = new ArrayBuffer(bytes, { maxByteLength: 2 * bytes });
  const beyond = over(shrunk, value.length);
  shrunk.resize(0);
  yield beyond;
  for (const length of [0, value.length + 1, 2 ** 31, -1, NaN, 'x']) yield own({ length: { value: length } });
  yield own({ length: { get: fail }, byteLength: { get: fail }, buffer: { get: fail }, byteOffset: { get: fail } });
  yield own({
    set: { value: fail },
    slice: { value: fail },
    [Symbol.iterator]: { value: fail },
    constructor: { get: fail },
  });
  yield own({ constructor: { value: { [Symbol.species]: fail } }, [Symbol.toStringTag]: { get: fail } });
  yield Object.setPrototypeOf(copy(), Array.prototype);
  yield Object.setPrototypeOf(copy(), null);
  yield Object.setPrototypeOf([...value], type.prototype);
  yield new (class extends type {
    override get length(): number {
      return 2 ** 20;
    }
  })(value);
}

function* lists(value: readonly unknown[]): Generator<unknown> {
  const withFirst = (descriptor: PropertyDescriptor): unknown[] => Object.defineProperty([...value], 0, descriptor);
  const lying = (length: unknown): unknown =>
    new Proxy([...value], { get: (list, name) => (name === 'length' ? length : Reflect.get(list, name)) });
  for (const length of [
    0,
    1,
    2 ** 24,
    2 ** 24 + 1,
    2 ** 53,
    Infinity,
    -1,
    NaN,
    'x',
    10n,
    Symbol('s'),
    { valueOf: fail },
  ])
    yield lying(length);
  yield* [new Array(value.length), [...value, ...value], value.slice(1), [value], value.map(() => value)];
  yield Object.assign([...value], { length: 2 ** 32 - 1 });
  yield Object.assign([...value], { [Symbol.iterator]: fail, map: fail, every: fail, constructor: fail });
  yield Object.assign([...value], {
    *[Symbol.iterator]() {
      for (;;) yield value[0];
    },
  });
  yield Object.setPrototypeOf([...value], null);
  yield withFirst({ get: fail });
  yield withFirst({ get: firstly(value[0], 'another') });
  const [first, ...others] = value;
  if (value.length > 0) for (const odd of disguised(first)) yield [odd, ...others];
}

function* maps(value: Map<unknown, unknown>): Generator<unknown> {
  yield Object.assign(new Map(value), { entries: fail, get: fail, forEach: fail, [Symbol.iterator]: fail });
  for (const [key, item] of value) for (const odd of disguised(item)) yield new Map(value).set(key, odd);
}

function* records(value: Record<string, unknown>): Generator<unknown> {
  yield Object.assign(Object.create(null), value);
  yield { ...value, unheardOf: 1 };
  for (const [name, part] of Object.entries(value)) {
    const withPart = (descriptor: PropertyDescriptor): unknown =>
      Object.defineProperty({ ...value }, name, { enumerable: true, ...descriptor });
    yield withPart({ get: fail });
    yield withPart({ get: firstly(part, 7) });
    yield withPart({ get: firstly(part, Symbol('s')) });
    for (const odd of disguised(part)) yield { ...value, [name]: odd };
    for (const [other, memory] of Object.entries(value)) {
      if (other === name || !ArrayBuffer.isView(memory)) continue;
      // Reading the one takes the memory of the other away.
      const gone = (memory.constructor as Float32ArrayConstructor).from(memory as Float32Array);
      yield Object.defineProperty({ ...value, [other]: gone }, name, {
        enumerable: true,
        get: () => (detached(gone), part),
      });
    }
  }
}

/** A getter that changes its mind. */
function firstly(once: unknown, then: unknown): () => unknown {
  let asked = 0;
  return () => (asked++ === 0 ? once : then);
}

/** An array whose memory has gone. */
function detached<Numbers extends Float32Array>(array: Numbers): Numbers {
  if (array.buffer.byteLength > 0) structuredClone(array.buffer, { transfer: [array.buffer as ArrayBuffer] });
  return array;
}

function revoked(target: object): unknown {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

function allThrows(target: object): unknown {
  return new Proxy(target, new Proxy({}, { get: () => fail }));
}
