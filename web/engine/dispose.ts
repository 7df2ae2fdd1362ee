/**
 * `using model = ...` needs `Symbol.dispose`, which Node 20 has and not every browser yet. Defined here where it is
 * missing, and imported before any class that has such a method.
 */
const symbols: { dispose?: symbol } = Symbol;
if (symbols.dispose === undefined) {
  Object.defineProperty(Symbol, 'dispose', { value: Symbol('Symbol.dispose') });
}

export {};
