import type { LanguageModelTrainer } from '../../engine/index.js';
import type { LanguageConfig } from '../../links/index.js';
import type { TaskReport } from '../report.js';

const whole = new Intl.NumberFormat('en');

export const languageReport: TaskReport<LanguageConfig, LanguageModelTrainer> = {
  unit: 'chars',
  unitsPerStep: ({ batch, seq }) => batch * seq,
  describe: ({ trainChars, vocabSize }) =>
    `${whole.format(trainChars)} characters to train on, ${vocabSize} different ones`,
  column: null,
  validation: () => ({}),
  test: (measures) => ({ bits_per_char: measures?.['bitsPerChar'] ?? null }),
  inWords: ({ bitsPerChar }) => `${bitsPerChar!.toFixed(3)} bits per character`,
};
