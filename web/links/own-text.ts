import { fromBase64Url, toBase64Url } from '../bytes/base64url.js';
import { LinkError } from './link-error.js';

/** Bytes of UTF-8 that a text in a link may have. Inflating stops as soon as there are more. */
export const MAX_OWN_TEXT_BYTES = 256 * 1024;

/** A text as links carry it: UTF-8, deflated without a header, in base64url. */
export async function packText(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > MAX_OWN_TEXT_BYTES) {
    throw new LinkError(
      'LINK_TOO_LONG',
      `Your text has ${kilobytes(bytes.length)}, a link holds at most ${kilobytes(MAX_OWN_TEXT_BYTES)}; share it as a file.`,
    );
  }
  return toBase64Url(await collect(pipe(bytes, new CompressionStream('deflate-raw')), Infinity));
}

/**
 * The text of a link, or a `LinkError` `LINK_DAMAGED` when it is not exactly what `packText` makes of some text:
 * strict base64url, one complete deflate stream with nothing after it, at most 256 kB of strict UTF-8.
 */
export async function unpackText(packed: string): Promise<string> {
  const deflated = fromBase64Url(packed);
  if (!deflated) throw damaged('it is not written in base64url');
  const bytes = await inflate(deflated);
  if (!bytes) throw damaged('it cannot be decompressed');
  if (await hasBytesAfterStream(deflated)) throw damaged('something follows after its end');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw damaged('it is not UTF-8');
  }
}

/**
 * Some decompressors ignore bytes after the stream and some do not, so we find out ourselves: a stream ends inside its
 * last byte, hence without that byte it is incomplete. If it is complete all the same, the last byte was not part of it.
 */
async function hasBytesAfterStream(deflated: Uint8Array<ArrayBuffer>): Promise<boolean> {
  return (await inflate(deflated.subarray(0, -1))) !== null;
}

/** The inflated bytes, or null when they are not a complete stream. */
async function inflate(deflated: Uint8Array<ArrayBuffer>): Promise<Uint8Array | null> {
  try {
    return await collect(pipe(deflated, new DecompressionStream('deflate-raw')), MAX_OWN_TEXT_BYTES);
  } catch (error) {
    if (error instanceof LinkError) throw error;
    return null;
  }
}

function pipe(bytes: Uint8Array<ArrayBuffer>, transform: CompressionStream | DecompressionStream) {
  return new Blob([bytes]).stream().pipeThrough(transform).getReader();
}

/** Reads to the end, but never holds more than one chunk above the limit. */
async function collect(reader: ReadableStreamDefaultReader<Uint8Array>, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length;
    if (length > limit) {
      await reader.cancel();
      throw damaged(`it unpacks to more than ${kilobytes(limit)}`);
    }
    chunks.push(next.value);
  }
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}

function damaged(why: string): LinkError {
  return new LinkError(
    'LINK_DAMAGED',
    `This link is damaged: the text in it (t=) cannot be read, ${why}. Ask for it again.`,
  );
}

function kilobytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024)} kB`;
}
