import { MAX_LINK_LENGTH } from './budget.js';
import { completeConfig } from './check-config.js';
import type { ConfigValues } from './check-config.js';
import { readClaim } from './claim.js';
import { unescapeValue } from './escape.js';
import { KEY, LINK_VERSION } from './link.js';
import type { OpenedLink } from './link.js';
import { LinkError } from './link-error.js';
import { nearest } from './nearest.js';
import { fieldsOf, isKnownKey, knownFields } from './run-config.js';
import { unseal } from './seal.js';
import { show } from './show.js';

/**
 * Reads a link: a whole address, or its fragment with or without `#`.
 *
 * A sealed link, as we write it, is either opened as what was sent or refused. One written by hand has no seal; then
 * every key must be known and every value valid, because a typing error must not become another run.
 *
 * @throws LinkError that says what is wrong. Nothing is ever opened in its place.
 */
export async function readLink(addressOrFragment: string): Promise<OpenedLink> {
  const fragment = findFragment(asText(addressOrFragment));
  const sealed = takeVersion(fragment);
  const unsealed = unseal(LINK_VERSION, sealed);
  const pairs = splitPairs(checkAlphabet(unsealed?.body ?? sealed));

  const config = completeConfig(await readValues(pairs));
  const claim = pairs.has('e') ? readClaim(pairs.get('e')!, config.steps) : null;
  const shown = pairs.get('show');
  const view = shown === undefined ? null : (await import('./view.js')).readView(shown);
  const extra = new Map([...pairs].filter(([key]) => !isKnownKey(key)));
  if (!unsealed) refuseUnknown(extra);
  return { config, claim, view, extra, notes: describeTrailing(unsealed?.trailing ?? 0) };
}

/** Whether an address has a fragment at all, so that there is something to read. */
export function hasLink(addressOrFragment: string): boolean {
  return /#.|^v=/s.test(asText(addressOrFragment).trim());
}

function asText(addressOrFragment: unknown): string {
  if (typeof addressOrFragment === 'string') return addressOrFragment;
  throw damaged(`it is ${show(addressOrFragment)}, expected text`);
}

function findFragment(addressOrFragment: string): string {
  const trimmed = addressOrFragment.trim();
  if (trimmed.length > MAX_LINK_LENGTH + 4096) {
    throw new LinkError(
      'LINK_TOO_LONG',
      `This link has ${trimmed.length} characters, at most ${MAX_LINK_LENGTH} are read.`,
    );
  }
  const hash = trimmed.indexOf('#');
  if (hash >= 0) return trimmed.slice(hash + 1);
  if (trimmed.startsWith('v=')) return trimmed;
  throw damaged('there is no # with a run behind it, as in #v=1&cell=gru');
}

/** What follows `v=1&`. */
function takeVersion(fragment: string): string {
  const match = /^v=([1-9]\d{0,5})(?:&|$)/.exec(fragment);
  if (!match) {
    if (/^(?:v=?)?$/.test(fragment)) throw new LinkError('LINK_TRUNCATED', 'This link was cut off right after its #.');
    throw damaged(`it begins with "${fragment.slice(0, 20)}", expected the version, v=${LINK_VERSION}`);
  }
  if (Number(match[1]) > LINK_VERSION) {
    throw new LinkError(
      'LINK_NEWER',
      `This link was made with a newer Unroll (link version ${match[1]}, this one reads ${LINK_VERSION}). Reload the page or update, then open it again.`,
    );
  }
  const sealed = fragment.slice(match[0].length);
  // The default run, too, is written with a seal. A bare version says nothing, so it is what was left of a link.
  if (sealed === '') throw new LinkError('LINK_TRUNCATED', 'This link was cut off right after its version.');
  return sealed;
}

function checkAlphabet(body: string): string {
  // What RFC 3986 allows in a fragment.
  const found = /[^\w\-.~!$&'()*+,;=:@/?%]/u.exec(body);
  if (found) {
    const code = found[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
    throw damaged(`character U+${code} at position ${found.index} cannot be in one; write it as %…`);
  }
  return body;
}

function splitPairs(body: string): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (const pair of body === '' ? [] : body.split('&')) {
    const [key, value, ...more] = pair.split('=');
    if (!KEY.test(key!) || value === undefined || more.length > 0) {
      throw damaged(`"${pair.slice(0, 40)}" is not of the form key=value`);
    }
    if (key === 'v' || key === 'k') throw damaged(`"${key}" is not at the beginning`);
    if (pairs.has(key!)) throw damaged(`"${key}" is there twice`);
    pairs.set(key!, value);
  }
  return pairs;
}

async function readValues(pairs: ReadonlyMap<string, string>): Promise<ConfigValues> {
  const values: ConfigValues = {};
  // What only another task has is no value of this run, and is refused as such.
  for (const { name, property, parse } of [...fieldsOf(pairs.get('task')), ...knownFields()]) {
    const written = pairs.get(name);
    if (written !== undefined) values[property] ??= parse(unescapeValue(name, written));
  }
  const packed = pairs.get('t');
  if (packed === undefined) return values;
  const { property, name } = fieldsOf(values.task).find(({ holdsOwn }) => holdsOwn) ?? damagedBy('t');
  if (pairs.has(name)) throw damaged(`it names a ${name} and has another one in it`);
  return { ...values, [property]: { own: await (await import('./own-text.js')).unpackText(packed) } };
}

function damagedBy(key: string): never {
  throw damaged(`its task has no use for the key "${key}"`);
}

function refuseUnknown(extra: ReadonlyMap<string, string>): void {
  for (const key of extra.keys()) {
    const meant = nearest(
      key,
      knownFields().map(({ name }) => name),
    );
    throw damaged(`it has a key "${key}" that is not known${meant ? `; did you mean "${meant}"?` : ''}`);
  }
}

function describeTrailing(trailing: number): readonly string[] {
  if (trailing === 0) return [];
  return [`${trailing} ${trailing === 1 ? 'character' : 'characters'} after the end of the link did not belong to it.`];
}

function damaged(why: string): LinkError {
  return new LinkError('LINK_DAMAGED', `This link cannot be read: ${why}.`);
}
