import type { WasmSource } from './wasm-source.js';

/**
 * The module in its two parts, as the build splits it: the main part, with the memory, and the deferred part, with the
 * functions that no first session calls. Where the main part calls one of those it goes through the table, and there
 * stands a placeholder until the deferred part has written its functions over it.
 */
export class SplitModule {
  readonly #deferred: WasmSource;
  readonly #imports: WebAssembly.Imports;
  #main: WebAssembly.Instance | null = null;
  #completing: Promise<void> | null = null;
  #isComplete = false;

  constructor(imports: WebAssembly.Imports, deferred: WasmSource) {
    this.#deferred = deferred;
    this.#imports = {
      ...imports,
      // The build names a placeholder by its place in the table.
      placeholder: new Proxy({}, { get: (_, place) => this.#placeholder(Number(place)) }) as WebAssembly.ModuleImports,
    };
  }

  async start(main: WebAssembly.Module): Promise<WebAssembly.Instance> {
    return (this.#main = await WebAssembly.instantiate(main, this.#imports));
  }

  /** Fetches the deferred part unless that is done or under way. When it fails, it can be tried again. */
  complete(): Promise<void> {
    return (this.#completing ??= this.#complete().catch((error: unknown) => {
      this.#completing = null;
      throw error;
    }));
  }

  async #complete(): Promise<void> {
    const module = await this.#deferred.load();
    // A call may have needed it meanwhile.
    if (this.#isComplete) return;
    await WebAssembly.instantiate(module, this.#importsOfDeferred());
    this.#isComplete = true;
  }

  #completeNow(): void {
    if (this.#isComplete) return;
    new WebAssembly.Instance(this.#deferred.loadNow(), this.#importsOfDeferred());
    this.#isComplete = true;
  }

  #importsOfDeferred(): WebAssembly.Imports {
    return { ...this.#imports, primary: this.#main!.exports };
  }

  /** A caller may have kept the placeholder from before, so it passes on every call and not only the first. */
  #placeholder(place: number): (...args: unknown[]) => unknown {
    let own: ((...args: unknown[]) => unknown) | undefined;
    return (...args) => {
      if (own === undefined) {
        this.#completeNow();
        own = this.#table().get(place) as (...args: unknown[]) => unknown;
      }
      return own(...args);
    };
  }

  #table(): WebAssembly.Table {
    const exported = Object.values(this.#main!.exports);
    return exported.find((each) => each instanceof WebAssembly.Table) as WebAssembly.Table;
  }
}
