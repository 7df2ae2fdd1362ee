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
export { createEngine } from './load.js';
export type { EngineOptions, ModuleSource, Parts } from './load.js';
export type { BuildFallback } from './fast-build.js';
export { hasRelaxedSimd } from './relaxed-simd.js';
export { Engine } from './engine.js';
export type { BuildInfo, ModelPlan } from './engine.js';
export { ERROR_CODES, UnrollError } from './errors.js';
export type { ErrorCode } from './errors.js';
export { Rnn } from './rnn.js';
export type {
  BackwardResult,
  ForwardOptions,
  ForwardResult,
  OutputGradients,
  RnnGradientFlow,
  RnnState,
} from './rnn.js';
export type { GradientFlow, LayerFlow } from './gradient-flow.js';
export type { FullRnnConfig, RnnConfig } from './rnn-config.js';
export { LanguageModel } from './language-model.js';
export type { ClippingConfig } from './clipping.js';
export type { LossAndGradients, TextEvaluation, TokenBatch } from './language-model.js';
export type { Guess, LayerProbe, Probe, ProbeOptions } from './probe.js';
export { TextGenerator } from './generator.js';
export type { GeneratedText, GenerateOptions, GeneratorOptions } from './generator.js';
export type { BeamSearchOptions, BeamText, GenerateManyOptions } from './many-texts.js';
export { Trainer } from './trainer.js';
export { DivergedError } from './divergence.js';
export type { Divergence } from './divergence.js';
export type {
  Baselines,
  Evaluation,
  ParameterStatistics,
  Part,
  TakenStep,
  TrainedSlice,
  TrainerInfo,
} from './trainer.js';
export type { Shard, ShardGradients } from './shard.js';
export type { FullModelConfig, ModelConfig, PlanConfig, TrainerConfig } from './model-config.js';
export type { OptimizerConfig } from './optimizer-config.js';
export type { LoadOptions, ModelFile } from './model-file.js';
export type { ModelNotes } from './model-metadata.js';
export type { FileTensor, Metadata, TensorFile } from './file-tensor.js';
export { Classifier } from './classifier.js';
export type { Prediction, Tokens } from './classifier.js';
export { Regressor } from './regressor.js';
export type { RegressorOptions } from './regressor.js';
export type { ClassifierConfig, RegressorConfig, SequenceLayersConfig } from './sequence-config.js';
export { SequenceModel } from './sequence-model.js';
export type { SequenceLoss, SequenceOutputs } from './sequence-model.js';
export type { BucketedEpoch, BucketOptions } from './buckets.js';
export { Schedule } from './schedule.js';
export type {
  CosineSchedule,
  LinearSchedule,
  PlateauSchedule,
  ScheduleConfig,
  StepSchedule,
} from './schedule-config.js';
export type { CrossEntropyOptions, LossOptions } from './loss-options.js';
export type { RowsLoss } from './rows.js';
export type { SamplingOptions } from './sampling-options.js';
export type { Precision, ReadingOptions } from './precision.js';
export type { InitScheme } from './init.js';
export type { Cell, CellName } from './cell.js';
export { tensor, tensorFrom, nestedFrom } from './tensor.js';
export type { Nested, Tensor } from './tensor.js';
export type { StateDict, StateDictLike } from './state-dict.js';
export { PreparedText, prepareText } from './text.js';
export { decodeUtf8 } from './decode-utf8.js';
