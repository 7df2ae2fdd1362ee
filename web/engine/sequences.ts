/**
 * Training of networks that read whole sequences, and their files, as `unroll/sequences`: whoever trains language models
 * alone need not load it.
 */
export { loadClassifier, loadRegressor } from './files/sequence-file.js';
export { TextClassifier } from './networks/text-classifier.js';
export { ClassifierTrainer } from './training/classifier-trainer.js';
export type { ClassifierEvaluation, ClassifierTrainerInfo } from './training/classifier-trainer.js';
export { LabelledTexts } from './training/labelled-texts.js';
