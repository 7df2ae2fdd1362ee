/**
 * CRC-32 as in zip, gzip and PNG: polynomial 0xEDB88320 reflected, start and end inverted.
 *
 * It finds every change confined to 32 neighbouring bits, hence every change of a single character, and misses a
 * random change once in 2^32. It guards against accidents, not against forgers.
 */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  // By index: over a megabyte, in code that was not compiled yet, the iterator takes longer than the sum.
  for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ TABLE[(crc ^ bytes[i]!) & 0xff]!;
  return (crc ^ 0xffffffff) >>> 0;
}

/** A checksum as it is written: eight lower-case hexadecimal digits. */
export function hex32(value: number): string {
  return value.toString(16).padStart(8, '0');
}

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  return value;
});
