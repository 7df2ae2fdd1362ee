/**
 * Unroll's engine: small recurrent networks with PyTorch's results, trained here and now. Runs unchanged in a page, in a
 * worker and in Node.
 *
 * The legend of all shapes:
 *
 *   T seqLen    B batchSize    I inputSize    H hiddenSize    L numLayers    D directions    G gates of a cell
 *   V vocabSize    E embeddingDim
 *
 * A *step* is one optimizer update, an *epoch* one pass over the training text. Losses are in nats per character.
 */
export { createEngine } from './module/load.js';
export type { EngineOptions, ModuleSource, Parts } from './module/load.js';
export type { BuildFallback } from './module/fast-build.js';
export { hasRelaxedSimd } from './module/relaxed-simd.js';
export { Engine } from './engine.js';
export type { BuildInfo, ModelPlan } from './engine.js';
export { ERROR_CODES, UnrollError } from './errors.js';
export type { ErrorCode } from './errors.js';
export type { Scope } from './module/scope.js';
export { Rnn } from './networks/rnn.js';
export type {
  BackwardResult,
  ForwardOptions,
  ForwardResult,
  OutputGradients,
  RnnGradientFlow,
  RnnState,
} from './networks/rnn.js';
export type { GradientFlow, LayerFlow } from './networks/gradient-flow.js';
export type { FullRnnConfig, RnnConfig } from './networks/rnn-config.js';
export type { ParameterSummary, Summary } from './networks/summary.js';
export { LanguageModel } from './networks/language-model.js';
export type { ClippingConfig } from './training/clipping.js';
export type { LossAndGradients, TextEvaluation, TokenBatch } from './networks/language-model.js';
export type { Guess, LayerProbe, Probe, ProbeOptions } from './networks/probe.js';
export { TextGenerator } from './networks/generator.js';
export type { GeneratedText, GenerateOptions, GeneratorOptions, LogProbsOptions } from './networks/generator.js';
export type { BeamSearchOptions, BeamText, GenerateManyOptions } from './networks/many-texts.js';
export { Trainer } from './training/trainer.js';
export type { TaskData } from './training/task-data.js';
export type { ClassifierEvaluation, ClassifierTrainer, ClassifierTrainerInfo } from './training/classifier-trainer.js';
export type { TextClassifier } from './networks/text-classifier.js';
export type { LabelledTexts } from './training/labelled-texts.js';
export type { AnyTrainerConfig, TrainingData } from './training/training-data.js';
export { DivergedError } from './training/divergence.js';
export type { Divergence } from './training/divergence.js';
export type {
  Evaluation,
  Model,
  ParameterStatistics,
  Part,
  TakenStep,
  TrainedSlice,
  TrainerInfo,
} from './training/trainer.js';
export { LanguageModelTrainer } from './training/language-model-trainer.js';
export type {
  Baselines,
  LanguageModelEvaluation,
  LanguageModelTrainerInfo,
} from './training/language-model-trainer.js';
export type { Shard, ShardGradients } from './training/shard.js';
export type { FullModelConfig, ModelConfig, PlanConfig, TrainerConfig } from './networks/model-config.js';
export type { OptimizerConfig } from './training/optimizer-config.js';
export type { LoadOptions, ModelFile } from './files/model-file.js';
export type { ModelNotes } from './files/model-metadata.js';
export type { FileTensor, Metadata, TensorFile } from './files/file-tensor.js';
export { Classifier } from './networks/classifier.js';
export type { Prediction, Tokens } from './networks/classifier.js';
export { Regressor } from './networks/regressor.js';
export type { RegressorOptions } from './networks/regressor.js';
export type {
  ClassifierConfig,
  ClassifierTrainerConfig,
  RegressorConfig,
  SequenceLayersConfig,
} from './networks/sequence-config.js';
export { SequenceModel } from './networks/sequence-model.js';
export type { SequenceLoss, SequenceOutputs } from './networks/sequence-model.js';
export type { BucketedEpoch, BucketOptions } from './training/buckets.js';
export { Schedule } from './training/schedule.js';
export type {
  CosineSchedule,
  LinearSchedule,
  PlateauSchedule,
  ScheduleConfig,
  StepSchedule,
} from './training/schedule-config.js';
export type { CrossEntropyOptions, LossOptions } from './networks/loss-options.js';
export type { RowsLoss } from './networks/rows.js';
export type { SamplingOptions } from './networks/sampling-options.js';
export type { Precision, ReadingOptions } from './networks/precision.js';
export type { FullNetworkConfig, InitScheme, NetworkConfig } from './networks/network-config.js';
export type { Cell } from './cells.js';
export type { CellName } from './networks/cell.js';
export { tensor, tensorFrom, nestedFrom } from './networks/tensor.js';
export type { Nested, Tensor } from './networks/tensor.js';
export type { StateDict, StateDictLike } from './networks/state-dict.js';
export { PreparedText } from './text/text.js';
