import type { ConfigKey, RunConfig } from '../../links/run-config.js';
import { RequestCancelled, RequestError, WORKER_STOPPED } from '../../worker/client.js';
import { messages } from '../messages.js';
import { formatCount } from '../state/format.js';
import type { Place } from '../runs/slot.js';

/** What a refused request means for the reader: a sentence, and the controls it belongs to. */
export interface Refusal {
  readonly place: Place;
  readonly sentence: string;
}

/** What was tried: a configuration, and which of its values the reader had just changed. */
export interface Attempt {
  readonly config: RunConfig;
  readonly changed: readonly ConfigKey[];
}

/** Null when there is nothing to tell: the request was overtaken by a later one. */
export function refusalOf(error: unknown, otherwise: Place, attempt?: Attempt): Refusal | null {
  if (error instanceof RequestCancelled) return null;
  if (!(error instanceof RequestError)) return { place: otherwise, sentence: messages.unexpected(String(error)) };
  switch (error.code) {
    case 'NO_WASM':
      // The worker's scope is that of the page: what is missing there is missing here.
      return { place: 'training', sentence: engineMissing(error) };
    case WORKER_STOPPED:
      return { place: otherwise, sentence: messages.death };
    case 'TEXT_TOO_SHORT':
      return tooShort(error, otherwise, attempt);
    case 'INVALID_UTF8':
      return { place: 'text', sentence: forReaders(error.message) };
    case 'NOT_IN_VOCABULARY':
      // When it writes, the beginning is at fault that stands right there; otherwise the one of the samples.
      return { place: attempt === undefined ? otherwise : 'sample', sentence: forReaders(error.message) };
    case 'TOO_BIG':
    case 'OUT_OF_MEMORY':
      return { place: 'network', sentence: forReaders(error.message) };
    default:
      return { place: otherwise, sentence: forReaders(error.message) };
  }
}

/** The engine counts the tokens of one part of the text; the reader has the whole text and three settings. */
function tooShort(error: RequestError, otherwise: Place, attempt: Attempt | undefined): Refusal {
  if (attempt?.config.task !== 'language') return { place: otherwise, sentence: forReaders(error.message) };
  const { batchSize: batch, seqLen: seq, split } = attempt.config;
  const smallest = Math.min(...split.slice(1).filter((share) => share > 0), 1);
  const needed = Math.max(Math.ceil((batch * seq + 1) / split[0]), Math.ceil(1 / smallest));
  return {
    place: attempt.changed.includes('text') ? 'text' : 'training',
    sentence: messages.text.tooShortFor(formatCount(batch), formatCount(seq), formatCount(needed)),
  };
}

function engineMissing(error: RequestError): string {
  return 'WebAssembly' in globalThis ? messages.noEngine(withoutSpeaker(error.message)) : messages.noWasm;
}

/**
 * The engine's messages begin with who is speaking, as in "Trainer: the text has ..." or "createEngine: ...". The reader
 * sees where the sentence stands, so it begins with what is wrong.
 */
export function forReaders(message: string): string {
  const sentence = withoutSpeaker(message);
  return sentence.charAt(0).toUpperCase() + sentence.slice(1) + (/[.!?]$/.test(sentence) ? '' : '.');
}

const withoutSpeaker = (message: string): string => message.replace(/^[A-Za-z]\w*(::\w+)?: /, '');
