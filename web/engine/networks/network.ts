import type { Boundary } from '../module/boundary.js';
import type { ClippingConfig } from '../training/clipping.js';
import { readClipping } from '../training/clipping.js';
import type { OptimizerConfig } from '../training/optimizer-config.js';
import { anOptimizer } from '../training/optimizer-config.js';
import { Owner } from '../module/owner.js';
import type { RawNetwork } from '../module/raw-module.js';
import type { StateDict, StateDictLike } from './state-dict.js';
import { rawTensors, stateDictOf } from './state-dict.js';
import { Summary } from './summary.js';

/** What can be done with the weights of every network, whatever it reads. */
export abstract class Network<Handle extends RawNetwork> extends Owner<Handle> {
  /** Numbers in all parameters together. */
  readonly parameterCount: number;

  /** @internal */
  protected constructor(who: string, boundary: Boundary, handle: Handle) {
    super(who, boundary, handle);
    this.parameterCount = this.ask((network) => network.parameterCount());
  }

  /**
   * 16 hex digits that stand for the weights: 64-bit FNV-1a over their float32 bits in the order of the `state_dict`. Two
   * networks have the same one when their weights are the same to the bit.
   */
  fingerprint(): string {
    return this.ask((network) => network.fingerprint());
  }

  /** All parameters. */
  stateDict(): StateDict {
    return stateDictOf(this.call((network) => network.exportTensors()));
  }

  /** Names, shapes and counts of all parameters; as a string, a table. */
  summary(): Summary {
    const parameters = Array.from(this.stateDict(), ([name, { shape, data }]) => ({ name, shape, count: data.length }));
    return new Summary(this.who, parameters, this.parameterCount);
  }

  /**
   * Replaces all parameters. Names must be those of `stateDict()` one to one, shapes equal and numbers finite.
   *
   * @throws UnrollError `MISSING_TENSOR`, `SHAPE_MISMATCH`, `NOT_FINITE`; the network is then unchanged
   */
  loadStateDict(tensors: StateDictLike): void {
    const raw = rawTensors(`${this.who}.loadStateDict`, tensors);
    this.call((network) => network.importTensors(raw));
  }

  /**
   * The optimizer that `applyGradients()` uses. Called again, its moments stay when the kind does.
   *
   * @throws UnrollError `INVALID_CONFIG`, `INVALID_ARGUMENT`
   */
  configureOptimizer(config: OptimizerConfig): void {
    const own = anOptimizer('', config);
    this.call((network) => network.configureOptimizer(own));
  }

  /**
   * One update of all weights by the gradients of the last `lossAndGradients()` or `backward()`.
   *
   * @returns the norm of the gradients over all parameters before clipping
   * @throws UnrollError `WRONG_STATE` without `configureOptimizer()` before, `INVALID_ARGUMENT`
   */
  applyGradients(clipping: ClippingConfig = {}): { readonly gradNorm: number } {
    const { clipNorm, clipValue } = readClipping(`${this.who}.applyGradients`, clipping);
    return this.call((network) => network.applyGradients(clipNorm, clipValue));
  }

  /**
   * The optimizer's moments under PyTorch's names for them, as `exp_avg.rnn.weight_ih_l0`; none before its first update
   * and none for plain SGD.
   */
  optimizerState(): StateDict {
    return stateDictOf(this.call((network) => network.optimizerState()));
  }
}
