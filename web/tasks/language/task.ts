import { loadText } from '../../corpora/load-text.js';
import { PreparedText } from '../../engine/index.js';
import type { LanguageModel, LanguageModelEvaluation, LanguageModelTrainer } from '../../engine/index.js';
import type { LanguageConfig } from '../../links/index.js';
import type { Task } from '../task.js';
import { distinctCharacters } from './distinct-characters.js';
import { sampleOptions, trainerConfig } from './engine-config.js';
import { memoryOf } from './memory.js';

/** A network that reads a text, one character at a time, and guesses the next. */
export const languageTask: Task<LanguageConfig, PreparedText, LanguageModelTrainer> = {
  name: 'language',

  async load({ text }, readFile) {
    const bytes = typeof text === 'string' ? await loadText(text, readFile) : text.own;
    return { data: new PreparedText(bytes), notes: [] };
  },

  trainerConfig,
  memoryBytes: (engine, config, { info }) => memoryOf(engine, config, info.vocabSize),

  stepFlops(engine, config, text) {
    const { flopsPerChar } = engine.plan({ ...trainerConfig(config), vocabSize: distinctCharacters(text) });
    return flopsPerChar * config.batch * config.seq;
  },

  // One character is an input without a target.
  parts: ({ info }) => ({ validation: info.validationChars > 1, test: info.testChars > 1 }),
  blindNats: ({ info }) => Math.log(info.vocabSize),
  measures: (evaluation) => ({ bitsPerChar: (evaluation as LanguageModelEvaluation).bitsPerChar }),
  baselines: (trainer) => trainer.baselines(),

  check(trainer, config) {
    ask(trainer, (model) => model.createGenerator(sampleOptions(config, model.vocabulary)).delete());
  },

  sample: (trainer, config) => ({
    prompt: config.prompt,
    text: ask(trainer, (model) => model.generate(sampleOptions(config, model.vocabulary))),
  }),
};

function ask<Answer>(trainer: LanguageModelTrainer, question: (model: LanguageModel) => Answer): Answer {
  const model = trainer.model();
  try {
    return question(model);
  } finally {
    model.delete();
  }
}
