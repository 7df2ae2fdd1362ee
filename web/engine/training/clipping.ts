import { aNumber, readFields } from '../arguments/fields.js';

/** How gradients are bounded before an update. Where both are given, first by value, then by the norm that is left. Source: Pascanu et al., 2013. */
export interface ClippingConfig {
  /** All are scaled by min(1, clipNorm / (norm + 1e-6)), as `clip_grad_norm_`; 0 leaves them. Default 0. */
  readonly clipNorm?: number | undefined;
  /** Each is clamped to ±clipValue, as `clip_grad_value_`; 0 leaves them. Default 0. */
  readonly clipValue?: number | undefined;
}

const FIELDS = { clipNorm: aNumber, clipValue: aNumber };

export function readClipping(who: string, clipping: unknown): Required<{ [Name in keyof ClippingConfig]: number }> {
  const { clipNorm = 0, clipValue = 0 } = readFields(who, clipping, FIELDS);
  return { clipNorm, clipValue };
}
