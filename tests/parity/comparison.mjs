/**
 * Collects what a case got and what it wanted, and keeps the worst of it. Everything that the engine gives must be
 * expected, and everything expected must be compared.
 */
export class Comparison {
  #fixture;
  #tolerance;
  #left;
  worst = { error: 0, tolerance: 1, name: 'nothing' };

  constructor(fixture, tolerance) {
    const { manifest } = fixture;
    this.#fixture = fixture;
    this.#tolerance = tolerance;
    this.#left = new Set([
      ...Object.keys(manifest.expected),
      ...Object.keys(manifest.scalars).map((key) => `scalars.${key}`),
    ]);
  }

  /** max |got - want| over max |want|. Where all of `want` is zero, `got` must be exactly that. */
  tensor(name, got) {
    const want = this.#fixture.wanted(name);
    const values = Array.from(want.data, Number);
    if (got.data.length !== values.length || got.shape.join() !== want.shape.join()) {
      throw new Error(`${name} has shape (${got.shape}), expected (${want.shape})`);
    }
    const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const difference = values.reduce((most, value, i) => larger(most, Math.abs(Number(got.data[i]) - value)), 0);
    this.#note(name, difference === 0 ? 0 : difference / scale, this.#tolerance);
  }

  /** Tensors by name, each as `nameOf` calls it in the case. */
  tensors(nameOf, got) {
    for (const [name, tensor] of got) this.tensor(nameOf(name), tensor);
  }

  /** |got - want| / |want| for each number. */
  elementwise(name, got, want, tolerance = this.#tolerance) {
    if (!Array.isArray(want)) throw new Error(`${name} is missing`);
    if (got.length !== want.length) throw new Error(`${name} has ${got.length} numbers, expected ${want.length}`);
    const error = Array.from(want, Number).reduce((most, value, i) => larger(most, relative(got[i], value)), 0);
    this.#note(name, error, tolerance);
  }

  /** Relative to the value, or to `scale` where it is a sum with cancellation. */
  scalar(name, got, want, scale = Math.abs(want)) {
    if (typeof want !== 'number') throw new Error(`${name} is missing`);
    this.#note(name, got === want ? 0 : Math.abs(got - want) / scale, this.#tolerance);
  }

  exact(name, got, want) {
    this.#note(name, String(Array.from(got)) === String(Array.from(want)) ? 0 : Infinity, this.#tolerance);
  }

  /** What is expected for information only, or describes the inputs. */
  ignore(...names) {
    for (const name of names) this.#left.delete(name);
  }

  /** Throws when something that was expected was not compared, or nothing was. */
  finish() {
    if (this.#left.size > 0) throw new Error(`not compared: ${[...this.#left].join(', ')}`);
    if (this.worst.name === 'nothing') throw new Error('it expects nothing');
  }

  #note(name, error, tolerance) {
    this.#left.delete(name);
    // No number at all is the largest error there is. As NaN it would not stay the worst.
    const own = { error: Number.isNaN(error) ? Infinity : error, tolerance, name };
    if (this.worst.name === 'nothing' || own.error / tolerance > this.worst.error / this.worst.tolerance) {
      this.worst = own;
    }
  }
}

/** The maximum, in which NaN counts as larger than everything: Math.max would do, if Infinity beat it. */
function larger(a, b) {
  if (Number.isNaN(a) || Number.isNaN(b)) return Infinity;
  return Math.max(a, b);
}

function relative(got, want) {
  return got === want ? 0 : Math.abs(got - want) / Math.abs(want);
}
