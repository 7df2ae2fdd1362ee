/** Why a link, or the configuration in it, was refused. The words never change; the sentences may. */
export type LinkErrorCode =
  /** Something in it cannot be what was published: checksum, form, escapes, an unknown word. */
  | 'LINK_DAMAGED'
  /** It ends before its own stated length. */
  | 'LINK_TRUNCATED'
  /** It was made by a newer Unroll. */
  | 'LINK_NEWER'
  /** It is longer than what is accepted or made. */
  | 'LINK_TOO_LONG'
  /** It can be read, but one of its values is out of range. */
  | 'INVALID_CONFIG';

/** A link or a configuration that was refused. `message` is a sentence that can be shown as it is. */
export class LinkError extends Error {
  override readonly name = 'LinkError';

  constructor(
    readonly code: LinkErrorCode,
    message: string,
  ) {
    super(message);
  }
}
