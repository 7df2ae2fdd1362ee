import { oneOf } from '../arguments/fields.js';

/**
 * How weights are drawn. Forget-gate biases are a field of their own, `forgetBias`.
 *
 * - `pytorch`     what `torch.nn` does: recurrent weights and biases U(-a, a) with a = 1/sqrt(H), heads a = 1/sqrt(inputs),
 *                 embeddings standard normal
 * - `xavier`      every weight matrix U(-a, a) with a = sqrt(6 / (fanIn + fanOut)), each gate block a matrix of its own;
 *                 biases zero, embeddings standard normal. Glorot and Bengio, 2010
 * - `orthogonal`  as xavier, but each gate block of `weight_hh` is orthogonal. Saxe et al., 2014
 */
export type InitScheme = 'pytorch' | 'xavier' | 'orthogonal';

export const anInit = oneOf<InitScheme>(['pytorch', 'xavier', 'orthogonal']);
