import { DEFAULTS } from '../../web/links/index.js';
import type { LanguageConfig } from '../../web/links/index.js';
import { SENTENCES } from '../engine/engine.js';

/** Two layers and dropout: whatever a state could forget is there. */
export const CONFIG: LanguageConfig = {
  ...DEFAULTS,
  text: { own: SENTENCES },
  hiddenSize: 12,
  numLayers: 2,
  dropout: 0.1,
  batchSize: 5,
  seqLen: 8,
  steps: 70,
  evalEvery: 15,
  sampleEvery: 20,
  sampleLength: 10,
};
