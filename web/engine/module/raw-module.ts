import type { FullModelConfig } from '../networks/model-config.js';
import type {
  GeneratorHandle,
  LanguageModelHandle,
  MainModule,
  RnnHandle,
  ScheduleHandle,
  SequenceModelHandle,
  TrainerHandle,
} from '../wasm/unroll.js';

/**
 * The module as the files in `cpp/bindings` bind it: few coarse calls with plain data, nothing that throws. The
 * declarations that Emscripten writes know the calls but not their data; these say both, and `Agreement` at the end
 * compares the two.
 */

/** What a call that can fail returns. */
export type Result<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly code: string; readonly message: string };

export interface RawTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface RawFileTensor {
  readonly name: string;
  readonly dtype: 'F32' | 'F64' | 'I64' | 'I32' | 'U8';
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | BigInt64Array | Int32Array | Uint8Array;
}

export interface RawFile {
  readonly metadata: readonly (readonly [string, string])[];
  readonly tensors: readonly RawFileTensor[];
}

/** An object in wasm memory; it lives until `delete()`. */
export interface RawHandle {
  delete(): void;
}

export interface RawNetwork extends RawHandle {
  parameterCount(): number;
  fingerprint(): string;
  exportTensors(): Result<RawTensor[]>;
  importTensors(tensors: RawTensor[]): Result<null>;
  configureOptimizer(config: object): Result<null>;
  applyGradients(clipNorm: number, clipValue: number): Result<{ gradNorm: number }>;
  optimizerState(): Result<RawTensor[]>;
}

export interface RawRnn extends RawNetwork {
  setMasks(masks: Float32Array[], seqLen: number, batchSize: number): Result<null>;
  forward(
    x: Float32Array,
    seqLen: number,
    batchSize: number,
    h0: Float32Array | null,
    c0: Float32Array | null,
    lengths: Int32Array | null,
    training: boolean,
  ): Result<{ output: Float32Array; hN: Float32Array; cN: Float32Array | null }>;
  backward(
    output: Float32Array | null,
    hN: Float32Array | null,
    cN: Float32Array | null,
  ): Result<{ x: Float32Array; h0: Float32Array; c0: Float32Array | null; gradients: RawTensor[] }>;
  gradientFlow(hN: Float32Array): Result<RawFlow & { x: Float32Array; h0: Float32Array; c0: Float32Array | null }>;
}

export interface RawFlow {
  readonly layers: readonly { readonly h: Float64Array; readonly c: Float64Array | null }[];
  readonly input: Float64Array;
}

export interface RawProbe {
  readonly gateNames: readonly string[];
  readonly layers: readonly {
    readonly gates: Float32Array | null;
    readonly h: Float32Array;
    readonly c: Float32Array | null;
  }[];
  readonly probabilities: Float32Array;
  readonly guess: { readonly lossNats: number; readonly flow: RawFlow } | null;
}

export interface RawText {
  readonly text: Uint8Array;
  readonly logProbs: Float32Array;
}

export interface RawGenerator extends RawHandle {
  next(count: number): Result<RawText & { stopped: boolean }>;
}

export interface RawEvaluation {
  readonly done: boolean;
  readonly positions: number;
  readonly lossNats: number;
  readonly bitsPerChar: number;
}

export interface RawLanguageModel extends RawNetwork {
  vocabulary(): Uint32Array;
  config(): FullModelConfig;
  createGenerator(request: object): Result<RawGenerator>;
  evaluateText(
    text: Uint8Array,
    options: object,
  ): Result<RawEvaluation & { perplexity: number; logProbs: Float32Array }>;
  evaluateTexts(
    texts: Uint8Array[],
    options: object,
  ): Result<(Omit<RawEvaluation, 'done'> & { perplexity: number; logProbs: Float32Array })[]>;
  generateMany(request: object): Result<(RawText & { stopped: boolean })[]>;
  beamSearch(request: object): Result<(RawText & { logProb: number; score: number })[]>;
  probe(text: Uint8Array, target: Uint8Array | null): Result<RawProbe>;
  lossAndGradients(
    ids: Int32Array,
    targets: Int32Array,
    seqLen: number,
    batchSize: number,
    h0: Float32Array | null,
    c0: Float32Array | null,
    options: object,
  ): Result<{
    loss: number;
    logits: Float32Array;
    hN: Float32Array;
    cN: Float32Array | null;
    gradients: RawTensor[];
  }>;
}

export interface RawDivergence {
  readonly message: string;
  readonly step: number;
  readonly of: 'loss' | 'gradient' | 'weight';
  readonly parameter: string | null;
  readonly layer: number | null;
  readonly resumedAtStep: number;
}

export interface RawTrainer extends RawHandle {
  info(): { parameterCount: number; stepsPerEpoch: number; memoryBytes: number };
  trainSlice(
    maxSteps: number,
    maxMs: number,
  ): Result<{
    step: number;
    epoch: number;
    losses: Float64Array;
    gradNorms: Float64Array;
    recentLosses: Float64Array;
    divergence: RawDivergence | null;
  }>;
  shardGradients(into: Float32Array | null): Result<{ loss: number; gradients: Float32Array<ArrayBuffer> }>;
  applyGradients(replicas: { loss: number; gradients: Float32Array }[]): Result<{
    step: number;
    epoch: number;
    loss: number;
    gradNorm: number;
    recentLoss: number;
    divergence: RawDivergence | null;
  }>;
  steps(): number;
  recentLoss(): number | null;
  saveState(notes: [string, string][]): Result<Uint8Array<ArrayBuffer>>;
  restoreState(file: Uint8Array): Result<[string, string][]>;
  parameterStatistics(): Result<
    { name: string; gradNorm: number; weightNorm: number; updateNorm: number; updateRatio: number | null }[]
  >;
  beginEvaluation(part: string): Result<null>;
  continueEvaluation(maxMs: number): Result<Omit<RawEvaluation, 'bitsPerChar'>>;
  baselines(): Result<{ uniform: number; unigram: number; bigram: number }>;
  model(): RawNetwork;
  rewind(): Result<null>;
  learningRate(): number;
  observeValidation(lossNats: number): Result<null>;
  setLearningRate(learningRate: number): Result<null>;
  configureOptimizer(config: object): Result<null>;
  setClipping(clipNorm: number, clipValue: number): Result<null>;
  setSchedule(config: object | null): Result<null>;
}

export interface RawSchedule extends RawHandle {
  learningRate(): number;
  step(metric: number | null): Result<number>;
  reset(): Result<null>;
}

export interface RawSequenceOutputs {
  readonly outputs: Float32Array;
  readonly hN: Float32Array;
  readonly features: Float32Array | null;
}

export interface RawSequenceLoss extends RawSequenceOutputs {
  readonly loss: number;
  readonly perRow: Float64Array;
  readonly gradients: RawTensor[];
}

export interface RawSequenceModel extends RawNetwork {
  forward(batch: object, training: boolean): Result<RawSequenceOutputs>;
  crossEntropy(batch: object, targets: Int32Array, options: object, training: boolean): Result<RawSequenceLoss>;
  squaredError(batch: object, targets: Float32Array, options: object, training: boolean): Result<RawSequenceLoss>;
}

export interface RawRowsLoss {
  readonly loss: number;
  readonly perRow: Float64Array;
  readonly gradient: Float32Array;
}

export interface RawModule {
  /** Where the stack ends, and back to there; a module of a test may have none. */
  stackSave?(): number;
  stackRestore?(end: number): void;
  buildInfo(): { generation: number; build: 'strict' | 'fast' | 'scalar' };
  errorCodes(): string[];
  runMultiplyAddChain(repetitions: number): number;
  runProductKernel(repetitions: number): number;
  liveObjects(): number;
  heapBytes(): number;
  usedBytes(): number;
  createRnn(config: object): Result<RawRnn>;
  createLanguageModel(config: object): Result<RawLanguageModel>;
  createLanguageTrainer(model: RawLanguageModel | null, config: object, text: Uint8Array): Result<RawTrainer>;
  createClassifierTrainer(
    model: RawSequenceModel | null,
    config: object,
    data: { readonly lines: Uint8Array; readonly labels: Int32Array; readonly known: Uint8Array | null },
  ): Result<RawTrainer>;
  createSchedule(config: object): Result<RawSchedule>;
  createSequenceModel(config: object): Result<RawSequenceModel>;
  crossEntropy(
    logits: Float32Array,
    rows: number,
    classes: number,
    targets: Int32Array,
    options: object,
  ): Result<RawRowsLoss>;
  meanSquaredError(
    outputs: Float32Array,
    rows: number,
    features: number,
    targets: Float32Array,
    options: object,
  ): Result<RawRowsLoss>;
  samplingDistribution(logits: Float32Array, rows: number, classes: number, options: object): Result<Float32Array>;
  bucketByLength(
    lengths: Int32Array,
    options: object,
  ): Result<{ order: Int32Array; ends: Int32Array; paddingShare: number; paddingShareUnbucketed: number }>;
  argmax(logits: Float32Array, rows: number, classes: number): Result<Int32Array>;
  describeText(text: Uint8Array): Result<{ characters: number; vocabSize: number }>;
  splitText(text: Uint8Array, split: readonly number[]): Result<[number, number]>;
  planModel(config: object): Result<{ parameterCount: number; flopsPerChar: number; memoryBytes: number }>;
  readSafetensors(bytes: Uint8Array): Result<RawFile>;
  writeSafetensors(metadata: [string, string][], tensors: RawTensor[]): Result<Uint8Array<ArrayBuffer>>;
}

/** Built as we say: `Built` has all of our calls, with our arguments. */
type As<Ours, Built extends Ours> = Built;

/** Does not compile when a call is missing from the build or takes other arguments. @internal */
export type Agreement = [
  As<RawModule, MainModule>,
  As<RawRnn, RnnHandle>,
  As<RawGenerator, GeneratorHandle>,
  As<RawLanguageModel, LanguageModelHandle>,
  As<RawTrainer, TrainerHandle>,
  As<RawSchedule, ScheduleHandle>,
  As<RawSequenceModel, SequenceModelHandle>,
];
