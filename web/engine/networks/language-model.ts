import type { Boundary } from '../module/boundary.js';
import { refuseCellState } from './cell.js';
import { anObject, asGiven, readFields, wholeFrom } from '../arguments/fields.js';
import type { CrossEntropyOptions } from './loss-options.js';
import { ignored, readClasses, readCrossEntropy } from './loss-options.js';
import type { FileEntries } from '../files/model-metadata.js';
import type { FullModelConfig } from './model-config.js';
import { Network } from './network.js';
import { inScope } from '../module/scope.js';
import { property } from '../arguments/own.js';
import type { RawLanguageModel } from '../module/raw-module.js';
import type { RnnState } from './rnn.js';
import type { StateDict } from './state-dict.js';
import { stateDictOf } from './state-dict.js';
import type { Tensor } from './tensor.js';
import { checkTensor } from './tensor.js';
import type { GeneratedText, GenerateOptions, GeneratorOptions, LogProbsOptions } from './generator.js';
import { aLength, readRequest, TextGenerator } from './generator.js';
import type { BeamSearchOptions, BeamText, GenerateManyOptions } from './many-texts.js';
import { beamRequest, manyRequest } from './many-texts.js';
import { texts } from '../text/texts.js';
import type { ReadingOptions } from './precision.js';
import { READING_FIELDS } from './precision.js';
import type { Probe, ProbeOptions } from './probe.js';
import { probeOf, readTarget } from './probe.js';
import { textFromEngine, textToRead } from '../text/text.js';
import type { PreparedText } from '../text/text.js';

/** How well a model foresees a text, read as one stream from a zero state: each character but the first is guessed. */
export interface TextEvaluation {
  /** Characters guessed: one less than the text has. */
  readonly positions: number;
  /** Mean of -ln p of the character that came. */
  readonly lossNats: number;
  /** lossNats / ln 2. */
  readonly bitsPerChar: number;
  /** exp(lossNats). */
  readonly perplexity: number;
  /** ln p of each character from the second on. */
  readonly logProbs: Float32Array;
}

/** B windows of T tokens side by side, time-major: entry t*B + b is step t of window b. */
export interface TokenBatch {
  /** T*B tokens, 0 to V - 1. */
  readonly ids: readonly number[] | Int32Array;
  /** The token that should be guessed at each place. */
  readonly targets: readonly number[] | Int32Array;
  /** T, 1 to 4096. */
  readonly seqLen: number;
  /** B, 1 to 1024. */
  readonly batchSize: number;
  /** The state before the first step, (L, B, H) each. Default zeros. */
  readonly state?: RnnState | undefined;
}

export interface LossAndGradients {
  /** Mean of -ln p(target) over the T*B places, or those that count, in nats. */
  readonly loss: number;
  /** (T, B, V) */
  readonly logits: Tensor;
  /** The state after the last step, where the next window goes on. */
  readonly state: RnnState;
  /** Gradients of the loss by each parameter, back to the first step of the window. */
  readonly gradients: StateDict;
}

/**
 * A character-level language model:
 *
 *   x[t] = onehot(ids[t]) or embedding(ids[t])    h[t] = layers(x[t], h[t-1])    logits[t] = head(h[t])
 *
 *   embedding.weight (V, E) when embeddingDim > 0
 *   rnn.weight_ih_l{k} (G*H, input)   rnn.weight_hh_l{k} (G*H, H)   rnn.bias_ih_l{k}, rnn.bias_hh_l{k} (G*H)
 *   head.weight (V, H)   head.bias (V)
 *
 * Made by `Engine.createLanguageModel()`, `Engine.loadModel()` and `Trainer.model()`; the last shares its weights with
 * the trainer.
 */
export class LanguageModel extends Network<RawLanguageModel> {
  readonly config: FullModelConfig;
  /** The characters that the model knows, in the order of their tokens. */
  readonly vocabulary: string;
  /** Distinct characters (V). */
  readonly vocabSize: number;

  /** @internal */
  constructor(boundary: Boundary, handle: RawLanguageModel) {
    super('LanguageModel', boundary, handle);
    const points = this.ask((model) => model.vocabulary());
    this.config = this.ask((model) => model.config());
    this.vocabulary = Array.from(points, (point) => String.fromCodePoint(point)).join('');
    this.vocabSize = points.length;
  }

  /** What its file says beside its configuration. @internal */
  fileEntries(): FileEntries {
    return [['unroll.vocabulary', JSON.stringify([...this.vocabulary])]];
  }

  /** null for another engine. @internal */
  handleIn(boundary: Boundary): RawLanguageModel | null {
    return boundary === this.boundary ? this.handle : null;
  }

  /**
   * A text that continues the prompt, without the prompt; with `logProbs` also how likely each character was.
   *
   * @throws UnrollError `NOT_IN_VOCABULARY` for a prompt with characters that the model does not know, `INVALID_ARGUMENT`
   */
  generate(options: GenerateOptions): string;
  generate(options: LogProbsOptions): GeneratedText;
  generate(options: GenerateOptions | LogProbsOptions): string | GeneratedText {
    const { logProbs = false, ...request } = readRequest(options);
    const length = aLength('', request.length);
    const written = inScope((scope) => scope.use(new TextGenerator(this.boundary, this.handle, request)).next(length));
    return logProbs ? written : written.text;
  }

  /** The same in pieces, with the probability of each choice. Throws as `generate()`. */
  createGenerator(options: GeneratorOptions): TextGenerator {
    return new TextGenerator(this.boundary, this.handle, readRequest(options));
  }

  /**
   * How well the model predicts this text.
   *
   * @throws UnrollError `TEXT_TOO_SHORT` below two characters, `NOT_IN_VOCABULARY`
   */
  evaluateText(text: string | PreparedText, options: ReadingOptions = {}): TextEvaluation {
    const prepared = textToRead(text);
    const reading = readFields('LanguageModel.evaluateText', options, READING_FIELDS);
    const { done: _, ...evaluation } = this.call((model) => model.evaluateText(prepared, reading));
    return evaluation;
  }

  /**
   * The same for many texts at once, which is quicker: each result is that of `evaluateText()` to the bit. Throws as it.
   */
  evaluateTexts(list: readonly string[], options: ReadingOptions = {}): TextEvaluation[] {
    const reading = readFields('LanguageModel.evaluateTexts', options, READING_FIELDS);
    const prepared = texts('LanguageModel.evaluateTexts: texts', list);
    return this.call((model) => model.evaluateTexts(prepared, reading));
  }

  /**
   * Many texts at once, side by side in one batch. The i-th is, to the bit, the one of a generator with its prompt and the
   * seed `seed + i`. Throws as `generate()`.
   */
  generateMany(options: GenerateManyOptions): GeneratedText[] {
    const request = manyRequest(options);
    const written = this.call((model) => model.generateMany(request));
    return written.map((each) => ({ ...each, text: textFromEngine(each.text) }));
  }

  /**
   * The likeliest continuations that a beam search finds, best score first, at most `width` of them. Of all continuations
   * of the texts it carries by one character it keeps those with the highest log-probability; one that a stop string ends
   * is set aside. Width 1 is greedy.
   *
   * @throws UnrollError `NOT_IN_VOCABULARY`, `INVALID_ARGUMENT`
   */
  beamSearch(options: BeamSearchOptions): BeamText[] {
    const request = beamRequest(options);
    const found = this.call((model) => model.beamSearch(request));
    return found.map((each) => ({ ...each, text: textFromEngine(each.text) }));
  }

  /**
   * Everything that happens inside while the model reads a text, and with a `target` how the guess of that character
   * depends on all that came before. The parameters' gradients of `lossAndGradients()` are then lost.
   *
   * @param text 1 to 4096 characters
   * @throws UnrollError `TEXT_TOO_SHORT`, `TOO_BIG`, `NOT_IN_VOCABULARY`, `INVALID_ARGUMENT`
   */
  probe(text: string, options: ProbeOptions = {}): Probe {
    const prepared = textToRead(text);
    const target = readTarget(options);
    const seen = this.call((model) => model.probe(prepared, target));
    return probeOf(seen, this.config.hiddenSize, this.vocabSize);
  }

  /**
   * The loss on a window and its gradients; the weights stay. `applyGradients()` uses them.
   *
   * @param options which of the T*B places count, and how; one weight for each place
   * @throws UnrollError `SHAPE_MISMATCH`, `INVALID_ARGUMENT`, `TOO_BIG`
   */
  lossAndGradients(batch: TokenBatch, options: CrossEntropyOptions = {}): LossAndGradients {
    const who = 'LanguageModel.lossAndGradients';
    const { state, ...given } = readFields(who, batch, BATCH_FIELDS);
    const seqLen = wholeFrom(1)(`${who}: seqLen`, given.seqLen);
    const batchSize = wholeFrom(1)(`${who}: batchSize`, given.batchSize);
    const size = seqLen * batchSize;
    const ids = readClasses(`${who}: ids`, given.ids, size, this.vocabSize);
    const own = readCrossEntropy(who, options);
    const targets = readClasses(`${who}: targets`, given.targets, size, this.vocabSize, ignored(own));
    const shape = [this.config.numLayers, batchSize, this.config.hiddenSize];
    const h0 = state === undefined ? null : checkTensor(`${who}: state.h`, property(state, 'h'), shape).data;
    const c0 = this.#cellState(`${who}: state.c`, property(state, 'c'), shape);
    const { loss, logits, hN, cN, gradients } = this.call((model) =>
      model.lossAndGradients(ids, targets, seqLen, batchSize, h0, c0, own),
    );
    return {
      loss,
      logits: { shape: [seqLen, batchSize, this.vocabSize], data: logits },
      state: { h: { shape, data: hN }, c: cN && { shape, data: cN } },
      gradients: stateDictOf(gradients),
    };
  }

  #cellState(where: string, state: unknown, shape: readonly number[]): Float32Array | null {
    if (state === undefined || state === null) return null;
    refuseCellState(where, this.config.cell);
    return checkTensor(where, state, shape).data;
  }
}

// Looked at more closely once the sizes are known.
const BATCH_FIELDS = { ids: asGiven, targets: asGiven, seqLen: asGiven, batchSize: asGiven, state: anObject };
