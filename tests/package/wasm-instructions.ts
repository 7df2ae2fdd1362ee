/**
 * The instructions of a WebAssembly module, read from its code section. Every function body has to end exactly where
 * its size says, so a table below that is wrong anywhere is noticed at once.
 */

/** Instructions are numbered as in the specification; those behind a prefix byte are `prefix << 16 | number`. */
export function instructions(bytes: Uint8Array): number[] {
  return [...functions(bytes)].flatMap((body) => body.map(({ code }) => code));
}

/** The module with one instruction everywhere in the place of another, which is written as long. */
export function withReplaced(bytes: Uint8Array, from: number, to: number): Uint8Array<ArrayBuffer> {
  const copy = Uint8Array.from(bytes);
  for (const { code, at } of [...functions(bytes)].flat()) {
    // The number behind the prefix has 7 bits a byte, and here two bytes.
    if (code === from) copy.set([to >> 16, (to & 0x7f) | 0x80, (to & 0xffff) >> 7], at);
  }
  return copy;
}

/** An instruction and where it begins. */
export interface Located {
  readonly code: number;
  readonly at: number;
}

/** The instructions of each function. */
export function* functions(bytes: Uint8Array): Generator<Located[]> {
  const reader = new Reader(bytes);
  if (reader.bytes(8).join() !== '0,97,115,109,1,0,0,0') throw new Error('not a WebAssembly module');
  while (!reader.atEnd()) {
    const section = reader.byte();
    const end = reader.u32() + reader.at;
    if (section === CODE) yield* codeSection(reader);
    else reader.at = end;
    if (reader.at !== end) throw new Error(`section ${section} ends at ${reader.at}, not at ${end}`);
  }
}

export const SIMD = 0xfd;
export const isSimd = (instruction: number): boolean => instruction >> 16 === SIMD;
/** Relaxed instructions may give different bits on different machines. */
export const isRelaxed = (instruction: number): boolean => isSimd(instruction) && (instruction & 0xffff) >= 0x100;
export const F32X4_ADD = (SIMD << 16) | 0xe4;
export const F32X4_MUL = (SIMD << 16) | 0xe6;
export const F32X4_DIV = (SIMD << 16) | 0xe7;
export const F32X4_MIN = (SIMD << 16) | 0xe8;
/** a * b + c and -(a * b) + c, rounded once or twice. */
export const F32X4_RELAXED_MADD = (SIMD << 16) | 0x105;
export const F32X4_RELAXED_NMADD = (SIMD << 16) | 0x106;

const CODE = 10;

function* codeSection(reader: Reader): Generator<Located[]> {
  for (let left = reader.u32(); left > 0; --left) {
    const end = reader.u32() + reader.at;
    for (let groups = reader.u32(); groups > 0; --groups) {
      reader.u32(); // how many locals
      reader.u32(); // of which type
    }
    const body: Located[] = [];
    while (reader.at < end) {
      const { at } = reader;
      body.push({ at, code: instruction(reader) });
    }
    yield body;
    if (reader.at !== end) throw new Error(`a function ends at ${reader.at}, not at ${end}`);
  }
}

function instruction(reader: Reader): number {
  const code = reader.byte();
  if (code === 0xfc) return prefixed(code, reader.u32(), bulk, reader);
  if (code === SIMD) return prefixed(code, reader.u32(), simd, reader);
  plain(code, reader);
  return code;
}

function prefixed(prefix: number, code: number, skip: (code: number, reader: Reader) => void, reader: Reader): number {
  skip(code, reader);
  return (prefix << 16) | code;
}

/** Skips what follows an instruction of one byte. */
function plain(code: number, reader: Reader): void {
  if (code >= 0x28 && code <= 0x3e) return memoryArgument(reader); // loads and stores
  if (code >= 0x45 && code <= 0xc4) return; // comparisons, arithmetic, conversions
  if (code >= 0x20 && code <= 0x26) return reader.skip(1); // variables and tables
  switch (code) {
    case 0x00: // unreachable
    case 0x01: // nop
    case 0x05: // else
    case 0x0a: // throw_ref
    case 0x0b: // end
    case 0x0f: // return
    case 0x19: // catch_all
    case 0x1a: // drop
    case 0x1b: // select
    case 0xd1: // ref.is_null
      return;
    case 0x02: // block
    case 0x03: // loop
    case 0x04: // if
    case 0x06: // try
    case 0x07: // catch
    case 0x08: // throw
    case 0x09: // rethrow
    case 0x0c: // br
    case 0x0d: // br_if
    case 0x10: // call
    case 0x12: // return_call
    case 0x18: // delegate
    case 0x3f: // memory.size
    case 0x40: // memory.grow
    case 0x41: // i32.const
    case 0x42: // i64.const
    case 0xd0: // ref.null
    case 0xd2: // ref.func
      return reader.skip(1);
    case 0x11: // call_indirect
    case 0x13: // return_call_indirect
      return reader.skip(2);
    case 0x0e: // br_table
      return reader.skip(reader.u32() + 1);
    case 0x1c: // select with types
      return reader.skip(reader.u32());
    case 0x43: // f32.const
      return void reader.bytes(4);
    case 0x44: // f64.const
      return void reader.bytes(8);
    default:
      throw new Error(`unknown instruction 0x${code.toString(16)} at ${reader.at}`);
  }
}

/** Conversions that saturate, and whole blocks of memory or tables. */
function bulk(code: number, reader: Reader): void {
  const arguments_ = [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1][code];
  if (arguments_ === undefined) throw new Error(`unknown instruction 0xfc ${code} at ${reader.at}`);
  reader.skip(arguments_);
}

function simd(code: number, reader: Reader): void {
  const isLaneMemory = code >= 84 && code <= 91;
  if (code <= 11 || isLaneMemory || code === 92 || code === 93) memoryArgument(reader);
  if (code === 12 || code === 13) reader.bytes(16); // v128.const, i8x16.shuffle
  if (isLaneMemory || (code >= 21 && code <= 34)) reader.byte(); // which lane
}

function memoryArgument(reader: Reader): void {
  const alignment = reader.u32();
  reader.skip(alignment & 0x40 ? 2 : 1); // with several memories the argument names one
}

/** A cursor over bytes and over numbers of 7 bits a byte. */
class Reader {
  at = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  atEnd(): boolean {
    return this.at >= this.#bytes.length;
  }

  byte(): number {
    const byte = this.#bytes[this.at++];
    if (byte === undefined) throw new Error('the module is cut');
    return byte;
  }

  bytes(count: number): Uint8Array {
    if (this.at + count > this.#bytes.length) throw new Error('the module is cut');
    this.at += count;
    return this.#bytes.subarray(this.at - count, this.at);
  }

  u32(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }

  /** Steps over numbers, signed or not, of any length. */
  skip(count: number): void {
    for (; count > 0; --count) while (this.byte() >= 0x80);
  }
}
