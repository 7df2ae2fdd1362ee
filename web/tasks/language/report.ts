import type { LanguageModelTrainer } from '../../engine/index.js';
import type { TaskReport } from '../report.js';

const whole = new Intl.NumberFormat('en');

export const languageReport: TaskReport<LanguageModelTrainer> = {
  unit: 'chars',
  describe: ({ trainChars, vocabSize }) =>
    `${whole.format(trainChars)} characters to train on, ${vocabSize} different ones`,
  column: null,
  validation: () => ({}),
  test: (measures) => ({ bits_per_char: measures?.['bitsPerChar'] ?? null }),
  inWords: ({ bitsPerChar }) => `${bitsPerChar!.toFixed(3)} bits per character`,
};
