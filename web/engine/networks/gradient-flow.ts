import type { RawFlow } from '../module/raw-module.js';

/**
 * How the gradient of a loss after the last step T fades, or grows, on its way back through one sequence. All norms are
 * L2, with squares added up in double precision: after a hundred steps of a vanilla network they are near 1e-50.
 *
 * Source: Hochreiter, 1991; Bengio et al., 1994; Pascanu et al., 2013
 */
export interface GradientFlow {
  /** From the lowest layer up. */
  readonly layers: readonly LayerFlow[];
  /** ||dL/dx_t|| for the T vectors that the lowest layer read. */
  readonly input: Float64Array;
}

/**
 * Of one layer, entry t = 0 (the initial state) to T. The two states are two nodes: dL/dh_t reaches back through the gates
 * of step t+1 and the layer above at step t, dL/dc_t through h_t and c_{t+1}.
 */
export interface LayerFlow {
  /** ||dL/dh_t|| */
  readonly h: Float64Array;
  /** ||dL/dc_t||, LSTM only. */
  readonly c: Float64Array | null;
}

export function flowOf({ layers, input }: RawFlow): GradientFlow {
  return { layers: layers.map(({ h, c }) => ({ h, c })), input };
}
