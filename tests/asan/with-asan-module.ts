import type { Plugin } from 'vite';

import { inRoot } from '../../web/build/paths.mjs';

/** Where a file of the module is named, as in './wasm/unroll.js'. */
const NAMED = /(['"])[./\w-]*\bwasm\/([\w.-]+\.(?:js|wasm))\1/g;

/** A plugin for Vitest: whoever asks for the engine's module gets the one that AddressSanitizer watches. */
export function withAsanModule(): Plugin {
  return {
    name: 'with-asan-module',
    enforce: 'pre',
    transform(code, id) {
      if (!/\/(web\/engine|tests\/(engine|asan))\/(?:\w+\/)*[\w.-]+\.ts$/.test(id)) return null;
      return code.replace(NAMED, (_, quote: string, name: string) => `${quote}${inRoot('build/asan', name)}${quote}`);
    },
  };
}
