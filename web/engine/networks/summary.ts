import { showShape } from '../arguments/show.js';

/** One parameter of a network. */
export interface ParameterSummary {
  /** PyTorch's name, as in `stateDict()`. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Numbers in it: the product of its shape. */
  readonly count: number;
}

/**
 * What a network consists of, made by its `summary()`. As a string, and in Node's `console.log`, it is a table:
 *
 *   LanguageModel
 *     rnn.weight_ih_l0  (128, 20)  2,560
 *     ...
 *     total                        7,508
 */
export class Summary {
  /** @internal */
  constructor(
    /** The class of the network. */
    readonly kind: string,
    /** In the order of PyTorch's `state_dict()`. */
    readonly parameters: readonly ParameterSummary[],
    /** Numbers in all of them together. */
    readonly parameterCount: number,
  ) {}

  toString(): string {
    const rows = this.parameters.map(({ name, shape, count }) => [name, showShape(shape), grouped(count)]);
    rows.push(['total', '', grouped(this.parameterCount)]);
    const [names, shapes, counts] = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
    const lines = rows.map(
      ([name, shape, count]) => `  ${name!.padEnd(names!)}  ${shape!.padEnd(shapes!)}  ${count!.padStart(counts!)}`,
    );
    return [this.kind, ...lines].join('\n');
  }

  /** What Node's `console.log` shows. @internal */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

const grouped = (count: number): string => count.toLocaleString('en-US');
