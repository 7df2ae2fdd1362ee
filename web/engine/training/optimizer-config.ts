import { aFlag, aNumber, oneOf, readFields } from '../arguments/fields.js';

/**
 * An optimizer of `torch.optim`, with its update in the same order of operations. What is left out has PyTorch's default
 * for that kind. With g the gradient, p the parameter, t the number of updates from 1 on:
 *
 *   all but adamw   g += weightDecay * p
 *   sgd             b = g at t = 1, then momentum * b + g;  p -= lr * (nesterov ? g + momentum * b : b)
 *   rmsprop         v = alpha * v + (1 - alpha) * g^2;      p -= lr * g / (sqrt(v) + eps)
 *   adagrad         s += g^2;                               p -= lr * g / (sqrt(s) + eps)
 *   adam            m = beta1 * m + (1 - beta1) * g;        v = beta2 * v + (1 - beta2) * g^2
 *                   p -= lr / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + eps)
 *   adamw           p *= 1 - lr * weightDecay, then as adam
 *
 * Source: https://pytorch.org/docs/stable/optim.html; Adam, Kingma and Ba, 2015; AdamW, Loshchilov and Hutter, 2019
 */
export interface OptimizerConfig {
  readonly kind: 'sgd' | 'rmsprop' | 'adagrad' | 'adam' | 'adamw';
  /** lr, from 0 on. Default 0.001 for sgd, adam and adamw, 0.01 for rmsprop and adagrad. */
  readonly learningRate?: number | undefined;
  /** From 0 on. Default 0, for adamw 0.01. */
  readonly weightDecay?: number | undefined;
  /** sgd. Default 0. */
  readonly momentum?: number | undefined;
  /** sgd with momentum. Default false. */
  readonly nesterov?: boolean | undefined;
  /** adam, adamw. Default 0.9. */
  readonly beta1?: number | undefined;
  /** adam, adamw. Default 0.999. */
  readonly beta2?: number | undefined;
  /** rmsprop. Default 0.99. */
  readonly alpha?: number | undefined;
  /** All but sgd. Default 1e-8, for adagrad 1e-10. */
  readonly eps?: number | undefined;
}

const FIELDS = {
  kind: oneOf(['sgd', 'rmsprop', 'adagrad', 'adam', 'adamw']),
  learningRate: aNumber,
  weightDecay: aNumber,
  momentum: aNumber,
  nesterov: aFlag,
  beta1: aNumber,
  beta2: aNumber,
  alpha: aNumber,
  eps: aNumber,
};

export const anOptimizer = (_where: string, value: unknown): object => readFields('OptimizerConfig', value, FIELDS);
