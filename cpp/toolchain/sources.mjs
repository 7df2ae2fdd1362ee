import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The sources of Debian 13, for apt: the machine's own Debian entries, with their mirror and key, and only the release
 * replaced. `apt` is the folder of the machine's configuration, `release` the name of its own release. Empty when the
 * machine has no Debian mirror.
 */
export function trixieSources(apt, release) {
  const own = { [release]: 'trixie', [`${release}-security`]: 'trixie-security' };
  const lines = entriesIn(apt).flatMap(({ options, uri, suites }) =>
    suites.filter((suite) => suite in own).map((suite) => `deb ${options}${uri} ${own[suite]} main\n`),
  );
  return [...new Set(lines)].join('');
}

/** Debian's name for the release of this machine, or an empty string elsewhere. */
export function debianRelease(file = '/etc/os-release') {
  if (!existsSync(file)) return '';
  const text = readFileSync(file, 'utf8');
  return /^ID="?debian"?$/m.test(text) ? (/^VERSION_CODENAME="?(\w+)"?$/m.exec(text)?.[1] ?? '') : '';
}

function entriesIn(apt) {
  const parts = join(apt, 'sources.list.d');
  const files = [
    join(apt, 'sources.list'),
    ...(existsSync(parts) ? readdirSync(parts).map((name) => join(parts, name)) : []),
  ];
  return files
    .filter((file) => existsSync(file))
    .flatMap((file) => (file.endsWith('.sources') ? stanzas : oneLiners)(readFileSync(file, 'utf8')));
}

/** `deb [options] uri suite components` */
function oneLiners(text) {
  return [...text.matchAll(/^deb\s+(\[[^\]]*\]\s+)?(\S+)\s+(\S+)/gm)].map(([, options = '', uri, suite]) => ({
    options,
    uri,
    suites: [suite],
  }));
}

/** Paragraphs of `Field: value`, apt's newer form. A key written into the paragraph itself is left to apt's keyrings. */
function stanzas(text) {
  return text
    .replace(/^#.*\n/gm, '')
    .split(/\n\s*\n/)
    .map(
      (paragraph) => new Map([...paragraph.matchAll(/^([\w-]+):[ \t]*(.*)$/gm)].map(([, key, value]) => [key, value])),
    )
    .filter((fields) => fields.get('Types')?.split(/\s+/).includes('deb') && fields.get('Enabled') !== 'no')
    .flatMap((fields) => {
      const key = fields.get('Signed-By') ?? '';
      const options = key.startsWith('/') ? `[signed-by=${key.trim().split(/\s+/).join(',')}] ` : '';
      const suites = (fields.get('Suites') ?? '').split(/\s+/);
      return (fields.get('URIs') ?? '')
        .split(/\s+/)
        .filter(Boolean)
        .map((uri) => ({ options, uri, suites }));
    });
}
