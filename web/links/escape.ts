import { LinkError } from './link-error.js';

/**
 * Writes a value so that it survives being pasted: only letters, digits, `-`, `_`, `,` and points inside are left as
 * they are. Programs that find links in text end them at brackets, quotes and final points; `encodeURIComponent` alone
 * would leave some of these bare.
 */
export function escapeValue(value: string): string {
  return encodeURIComponent(value)
    .replace(/[!'()*~]/g, escapeCharacter)
    .replaceAll('%2C', ',')
    .replace(/[.,]$/, escapeCharacter);
}

function escapeCharacter(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** @throws LinkError `LINK_DAMAGED` when an escape is cut or is not UTF-8. */
export function unescapeValue(key: string, written: string): string {
  try {
    return decodeURIComponent(written);
  } catch {
    throw new LinkError(
      'LINK_DAMAGED',
      `This link is damaged: the escapes (%…) in the value of "${key}" are not whole.`,
    );
  }
}
