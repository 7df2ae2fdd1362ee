/** A tensor in a safetensors file, as bytes. */
export interface StoredTensor {
  dtype: string;
  shape: number[];
  bytes: Uint8Array;
}

const SIZES: Readonly<Record<string, number>> = { F32: 4, F64: 8, I64: 8 };

/** Takes a safetensors file apart, without the engine's reader: these tests must be able to write what it refuses. */
export function parse(file: Uint8Array): Map<string, StoredTensor> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const start = 8 + Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, start))) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;
  return new Map(
    Object.entries(header)
      .filter(([name]) => name !== '__metadata__')
      .map(
        ([
          name,
          {
            dtype,
            shape,
            data_offsets: [begin, end],
          },
        ]) => [name, { dtype, shape, bytes: file.slice(start + begin, start + end) }],
      ),
  );
}

/** Puts one together. */
export function format(tensors: ReadonlyMap<string, StoredTensor>): Uint8Array {
  let offset = 0;
  const header: Record<string, unknown> = {};
  for (const [name, { dtype, shape, bytes }] of tensors) {
    header[name] = { dtype, shape, data_offsets: [offset, (offset += bytes.length)] };
  }
  let text = JSON.stringify(header);
  text = text.padEnd(Math.ceil(text.length / 8) * 8);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(text.length), true);
  const parts = [length, new TextEncoder().encode(text), ...Array.from(tensors.values(), ({ bytes }) => bytes)];
  return new Uint8Array(Buffer.concat(parts));
}

/** The numbers of a tensor; writing to them writes to it. */
export function numbersOf({ dtype, bytes }: StoredTensor): {
  length: number;
  get(i: number): number;
  set(i: number, x: number): void;
} {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = SIZES[dtype]!;
  return {
    length: bytes.length / size,
    get: (i) => {
      if (dtype === 'I64') return Number(view.getBigInt64(i * size, true));
      return dtype === 'F64' ? view.getFloat64(i * size, true) : view.getFloat32(i * size, true);
    },
    set: (i, x) => {
      if (dtype === 'I64') view.setBigInt64(i * size, BigInt(x), true);
      else if (dtype === 'F64') view.setFloat64(i * size, x, true);
      else view.setFloat32(i * size, x, true);
    },
  };
}
