/**
 * Whether WebAssembly here has relaxed SIMD, which the fast build is made of: Chrome 114, Node 21 or newer. Node 20 has it
 * after `node --experimental-wasm-relaxed-simd`, or `v8.setFlagsFromString('--experimental-wasm-relaxed-simd')` from
 * `node:v8` before the engine is created; this library never sets a flag of its host by itself.
 */
export function hasRelaxedSimd(): boolean {
  return typeof WebAssembly === 'object' && WebAssembly.validate(PROBE);
}

/** A module with one function, `f32x4.relaxed_madd` of three constants. */
const PROBE = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 5, 1, 0x60, 0, 1, 0x7b], // one type: () -> v128
  ...[3, 2, 1, 0], // one function of it
  ...[10, 19, 1, 17, 0], // its code: three i32x4.splat of 1, and the sum of a product
  ...[0x41, 1, 0xfd, 0x11, 0x41, 1, 0xfd, 0x11, 0x41, 1, 0xfd, 0x11, 0xfd, 0x85, 0x02, 0x0b],
);
