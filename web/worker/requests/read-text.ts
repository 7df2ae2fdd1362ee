import { decodeUtf8 } from '../../engine/text/decode-utf8.js';
import type { Session } from '../session.js';

/** Reads bytes as UTF-8 text, strictly: a file in another encoding is refused instead of being read as gibberish. */
export const readText = (_session: Session, { bytes }: { readonly bytes: Uint8Array<ArrayBuffer> }) => ({
  text: decodeUtf8(bytes),
});
