import type { ClassifierTrainer } from '../../engine/sequences.js';
import type { TaskReport } from '../report.js';

const whole = new Intl.NumberFormat('en');
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

export const classifyReport: TaskReport<ClassifierTrainer> = {
  unit: 'names',
  describe: ({ trainTexts, vocabulary }) =>
    `${whole.format(trainTexts)} to train on, ${vocabulary.length} different characters`,
  column: { title: 'right', of: ({ accuracy }) => percent(accuracy!) },
  validation: (measures) => ({ val_accuracy: measures?.['accuracy'] ?? null }),
  test: (measures) => ({ test_accuracy: measures?.['accuracy'] ?? null }),
  inWords: ({ accuracy }) => `${percent(accuracy!)} right`,
};
