import type { ClassifierTrainerConfig, Engine } from '../../engine/index.js';
import type { ClassifierEvaluation, ClassifierTrainer, LabelledTexts } from '../../engine/sequences.js';
import type { ConfigOf } from '../../links/index.js';
import { askModel } from '../ask-model.js';
import { FLOPS } from '../task.js';
import type { Task } from '../task.js';
import { sharedTrainerConfig } from '../trainer-config.js';
import { loadNames } from './names.js';

export type ClassifyConfig = ConfigOf<'classify'>;

/** Characters of the longest name. */
const LONGEST = 16;

/** What is asked about to show how well it does. */
const EXAMPLES = ['Ada', 'Otto', 'Greta'];

const trainerConfig = (config: ClassifyConfig): ClassifierTrainerConfig => ({
  ...sharedTrainerConfig(config),
  bidirectional: config.bidirectional,
});

/** A network that reads a name, character by character, and says to which of two lists it belongs. */
export const classifyTask: Task<ClassifyConfig, LabelledTexts, ClassifierTrainer> = {
  name: 'classify',
  load: (_, readFile) => loadNames(readFile),
  source: ({ data }) => data,
  excerpt: (data, characters) => [...data.texts.join('\n')].slice(0, characters).join(''),
  unitsPerStep: ({ batchSize }) => batchSize,
  trainerConfig,
  memoryBytes: (_, { workers }, { info }) => workers * info.memoryBytes,
  plan: sizesOf,
  stepFlops: (engine, config, data) =>
    FLOPS.training * LONGEST * config.batchSize * sizesOf(engine, config, data).parameterCount,

  pieceFlops: ({ batchSize }, parameters, piece) =>
    parameters * LONGEST * (piece === 'sample' ? FLOPS.forward * EXAMPLES.length : FLOPS.training * batchSize),

  affordable(engine, config, data, stepFlops) {
    const { parameterCount } = sizesOf(engine, config, data);
    const affordable = Math.floor(stepFlops / (FLOPS.training * LONGEST * parameterCount));
    return { ...config, batchSize: Math.max(1, Math.min(config.batchSize, affordable)) };
  },

  parts: ({ info }) => ({ validation: info.validationTexts > 0, test: info.testTexts > 0 }),
  blindNats: (trainer) => Math.log(askModel(trainer, ({ classNames }) => classNames.length)),
  measures: (evaluation) => ({ accuracy: (evaluation as ClassifierEvaluation).accuracy }),
  baselines: (trainer) => ({ uniform: classifyTask.blindNats(trainer) }),

  sample(trainer) {
    const answers = askModel(trainer, (model) => {
      const { data } = model.classify(EXAMPLES);
      const { length } = model.classNames;
      return EXAMPLES.map((name, i) => {
        const probabilities = data.subarray(i * length, (i + 1) * length);
        const best = probabilities.indexOf(Math.max(...probabilities));
        return `${name}: ${model.classNames[best]!} ${Math.round(100 * probabilities[best]!)} %`;
      });
    });
    return { prompt: '', text: answers.join(', ') };
  },
};

/** What there is of it before it is trained: such networks are small, and made in a moment. */
function sizesOf(engine: Engine, config: ClassifyConfig, data: LabelledTexts) {
  return engine.scope((scope) => {
    const { info } = scope.use(engine.createTrainer(trainerConfig(config), data));
    return { parameterCount: info.parameterCount, memoryBytes: config.workers * info.memoryBytes };
  });
}
