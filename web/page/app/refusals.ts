import type { RunConfig } from '../../links/run-config.js';
import { RequestCancelled, RequestError } from '../../worker/client.js';
import { messages } from '../messages.js';
import type { Place } from '../state/store.js';

/** What a refused request means for the reader: a sentence, and the controls it belongs to. */
export interface Refusal {
  readonly place: Place;
  readonly sentence: string;
}

/** Null when there is nothing to tell: the request was overtaken by a later one. */
export function refusalOf(error: unknown, changed: readonly (keyof RunConfig)[], otherwise: Place): Refusal | null {
  if (error instanceof RequestCancelled) return null;
  if (!(error instanceof RequestError)) return { place: otherwise, sentence: messages.unexpected(String(error)) };
  if (error.code === 'NO_WASM') return { place: 'training', sentence: messages.noWasm };
  return { place: placeOf(error.code, changed) ?? otherwise, sentence: forReaders(error.message) };
}

function placeOf(code: string, changed: readonly (keyof RunConfig)[]): Place | null {
  switch (code) {
    case 'TEXT_TOO_SHORT':
      return changed.includes('text') ? 'text' : 'training';
    case 'INVALID_UTF8':
      return 'text';
    case 'NOT_IN_VOCABULARY':
      return 'sample';
    case 'TOO_BIG':
    case 'OUT_OF_MEMORY':
      return 'network';
    default:
      return null;
  }
}

/**
 * The engine's messages begin with who is speaking, as in "Trainer: the text has ...". The reader sees where the
 * sentence stands, so it begins with what is wrong.
 */
export function forReaders(message: string): string {
  const sentence = message.replace(/^[A-Z]\w*(::\w+)?: /, '');
  return sentence.charAt(0).toUpperCase() + sentence.slice(1) + (/[.!?]$/.test(sentence) ? '' : '.');
}
