import type { LanguageModelTrainerInfo, PreparedText } from '../../engine/index.js';
import { expectLanguage } from '../session.js';
import type { Session } from '../session.js';

/** A passage of the text that the run validates on, from its beginning; of all the text when none is held out. */
export async function reading(
  session: Session,
  { length }: { readonly length: number },
): Promise<{ readonly text: string }> {
  const { config } = session.run;
  expectLanguage(config);
  const info = session.run.info as LanguageModelTrainerInfo;
  const { data } = await session.options.data.load(config);
  const { bytes } = data as PreparedText;
  const skip = info.validationChars > 0 ? info.trainChars : 0;
  const start = offsetOf(bytes, skip);
  const passage = new TextDecoder().decode(bytes.subarray(start, offsetOf(bytes, length, start)));
  return { text: passage };
}

/** Where the character begins that comes so many after the one at `from`: bytes 10xxxxxx go on with one. */
function offsetOf(bytes: Uint8Array, characters: number, from = 0): number {
  let at = from;
  for (let left = characters; at < bytes.length; ++at) {
    if ((bytes[at]! & 0xc0) !== 0x80 && left-- === 0) break;
  }
  return at;
}
