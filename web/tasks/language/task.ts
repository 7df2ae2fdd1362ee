import { loadText } from '../../corpora/load-text.js';
import { PreparedText } from '../../engine/index.js';
import type { LanguageModelEvaluation, LanguageModelTrainer } from '../../engine/index.js';
import type { LanguageConfig } from '../../links/index.js';
import { askModel } from '../ask-model.js';
import { FLOPS } from '../task.js';
import type { Plan, Task } from '../task.js';
import { affordableStep, flopsPerChar, memoryOf, vocabSizeOf } from './cost.js';
import { sampleOptions, trainerConfig } from './engine-config.js';

/** What the plan of a language model says besides. */
export interface LanguagePlan extends Plan {
  readonly vocabSize: number;
}

/** A network that reads a text, one character at a time, and guesses the next. */
export const languageTask: Task<LanguageConfig, PreparedText, LanguageModelTrainer> = {
  name: 'language',

  async load({ text }, readFile) {
    const bytes = typeof text === 'string' ? await loadText(text, readFile) : text.own;
    return { data: new PreparedText(bytes), notes: [] };
  },

  source: ({ text }) => text,
  excerpt: beginningOf,
  unitsPerStep: ({ batchSize, seqLen }) => batchSize * seqLen,
  trainerConfig,
  memoryBytes: (engine, config, { info }) => memoryOf(engine, config, info.vocabSize),

  plan(engine, config, text): LanguagePlan {
    const vocabSize = vocabSizeOf(engine, text);
    const { parameterCount } = engine.plan({ ...trainerConfig(config), vocabSize });
    return { parameterCount, memoryBytes: memoryOf(engine, config, vocabSize), vocabSize };
  },

  stepFlops: (engine, config, text) => flopsPerChar(engine, config, text) * config.batchSize * config.seqLen,

  pieceFlops: ({ batchSize, seqLen, sampleLength }, parameters, piece) =>
    piece === 'sample' ? FLOPS.forward * parameters * sampleLength : FLOPS.training * parameters * batchSize * seqLen,

  affordable: (engine, config, text, stepFlops) => ({
    ...config,
    ...affordableStep(config, flopsPerChar(engine, config, text), stepFlops),
  }),

  // One character is an input without a target.
  parts: ({ info }) => ({ validation: info.validationChars > 1, test: info.testChars > 1 }),
  blindNats: ({ info }) => Math.log(info.vocabSize),
  measures: (evaluation) => ({ bitsPerChar: (evaluation as LanguageModelEvaluation).bitsPerChar }),
  baselines: (trainer) => trainer.baselines(),

  check(trainer, config) {
    askModel(trainer, (model) => model.createGenerator(sampleOptions(config, model.vocabulary)).delete());
  },

  sample: (trainer, config) => ({
    prompt: config.prompt,
    text: askModel(trainer, (model) => model.generate(sampleOptions(config, model.vocabulary))),
  }),
};

/** So many characters of a text's beginning. */
function beginningOf(text: PreparedText, characters: number): string {
  // Cut between characters: a character is at most four bytes long.
  const enough = new TextDecoder().decode(text.bytes.subarray(0, 4 * characters));
  return [...enough].slice(0, characters).join('');
}
