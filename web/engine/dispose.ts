/** `using` needs this symbol, and not every browser and Node 20 has it. Imported before any class that defines it. */
const symbols = Symbol as unknown as { dispose?: symbol };
symbols.dispose ??= Symbol.for('Symbol.dispose');

export {};
