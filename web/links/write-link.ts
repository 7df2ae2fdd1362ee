import { MAX_LINK_LENGTH } from './budget.js';
import { completeConfig } from './check-config.js';
import { writeClaim } from './claim.js';
import { escapeValue } from './escape.js';
import { KEY, LINK_VERSION } from './link.js';
import type { Link } from './link.js';
import { LinkError } from './link-error.js';
import { plainProperty } from './plain.js';
import { fieldsOf, isKnownKey } from './run-config.js';
import type { RunConfig } from './run-config.js';
import { seal } from './seal.js';
import { show } from './show.js';

/**
 * The fragment of a run, `#v=1&k=…&key=value…`: only what differs from the defaults, in alphabetical order.
 *
 * @throws LinkError `INVALID_CONFIG` when the run is not valid; `LINK_TOO_LONG` when its own text does not fit.
 */
export async function writeLink(link: Pick<Link, 'config'> & Partial<Link>): Promise<string> {
  const config = completeConfig(plainProperty(link, 'config') as RunConfig);
  const pairs = readExtra(plainProperty(link, 'extra'));
  const claim = plainProperty(link, 'claim');
  const values: Readonly<Record<string, unknown>> = config;
  for (const { property, name, standard, holdsOwn, write } of fieldsOf(config.task)) {
    const value = values[property];
    if (holdsOwn && typeof value === 'object') {
      const { packText } = await import('./own-text.js');
      pairs.set('t', await packText((value as { own: string }).own));
    } else if (write(value as never) !== write(standard)) pairs.set(name, escapeValue(write(value as never)));
  }
  if (claim !== undefined && claim !== null) pairs.set('e', writeClaim(claim));
  const view = plainProperty(link, 'view');
  if (view !== undefined && view !== null) pairs.set('show', (await import('./view.js')).writeView(view));

  const keys = [...pairs.keys()].sort();
  const body = keys.map((key) => `${key}=${pairs.get(key)}`).join('&');
  if (body.length > MAX_LINK_LENGTH) {
    throw new LinkError(
      'LINK_TOO_LONG',
      `The link would have ${body.length} characters, at most ${MAX_LINK_LENGTH} can be opened; share a file instead.`,
    );
  }
  const head = `#v=${LINK_VERSION}&${seal(LINK_VERSION, body)}`;
  return body ? `${head}&${body}` : head;
}

/** Only what came out of a link can go into one again. */
function readExtra(extra: unknown): Map<string, string> {
  if (extra === undefined) return new Map();
  if (!(extra instanceof Map))
    throw new LinkError('INVALID_CONFIG', `the extra keys are ${show(extra)}, expected a Map`);
  for (const [key, value] of extra as Map<unknown, unknown>) {
    const isKey = typeof key === 'string' && KEY.test(key) && !isKnownKey(key);
    if (!isKey || typeof value !== 'string' || !/^[\w\-.~!$'()*+,;:@/?%]*$/.test(value)) {
      throw new LinkError('INVALID_CONFIG', `a link cannot carry the extra key ${show(key)} with ${show(value)}`);
    }
  }
  return extra as Map<string, string>;
}
