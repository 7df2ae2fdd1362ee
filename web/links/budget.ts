import { LinkError } from './link-error.js';
import { show } from './show.js';

/** Characters of a whole address beyond which we neither read nor write a link. */
export const MAX_LINK_LENGTH = 64 * 1024;

/** How far a link of some length travels. */
export type LinkReach = 'anywhere' | 'most-chats' | 'few' | 'file';

/**
 * What to tell somebody who shares an address of this many characters; no note when it works anywhere. The lengths are
 * cautious: chat programs, mail and QR codes cut at different places.
 */
export function linkBudget(length: number): { readonly reach: LinkReach; readonly note: string | null } {
  if (typeof length !== 'number') {
    throw new LinkError('INVALID_CONFIG', `the length of a link is ${show(length)}, expected a number`);
  }
  const characters = `This link has ${length.toLocaleString('en')} characters`;
  if (length <= 2000) return { reach: 'anywhere', note: null };
  if (length <= 4000) return { reach: 'most-chats', note: `${characters}; most chats keep it whole, some do not.` };
  if (length <= 8000) return { reach: 'few', note: `${characters}; many chats cut it off. A file is safer.` };
  return { reach: 'file', note: `${characters}, too many for most programs. Share a file instead.` };
}
