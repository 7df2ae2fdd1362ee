import { choice, toggle, whole } from '../../links/fields.js';
import { ENGINE_FIELDS, NETWORK_FIELDS, TRAINING_FIELDS } from '../../links/shared-fields.js';

/** A run of a classifier of short texts. As with language models, a standard value is what a link means that says nothing. */
export const CLASSIFY_FIELDS = {
  /** Given names, each from one of two lists. */
  data: choice(['names'], 'names', { isData: true, help: 'names: given names, female or male' }),
  ...NETWORK_FIELDS,
  cell: { ...NETWORK_FIELDS.cell, standard: 'gru' as const },
  hiddenSize: { ...NETWORK_FIELDS.hiddenSize, standard: 32 },
  /** Reads each text in both directions, and answers from both ends. */
  bidirectional: toggle({ help: 'read in both directions' }),
  /** B, the texts of one step, which are of about the same length. */
  batchSize: whole(32, 1, 1024, {
    word: 'batch',
    label: 'Batch size',
    help: 'How many texts are read side by side in one step.',
  }),
  ...TRAINING_FIELDS,
  steps: { ...TRAINING_FIELDS.steps, standard: 600 },
  learningRate: { ...TRAINING_FIELDS.learningRate, standard: 0.005 },
  evalEvery: { ...TRAINING_FIELDS.evalEvery, standard: 100 },
  sampleEvery: { ...TRAINING_FIELDS.sampleEvery, standard: 100 },
  ...ENGINE_FIELDS,
};
