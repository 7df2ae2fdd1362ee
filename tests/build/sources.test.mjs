import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { debianRelease, trixieSources } from '../../cpp/toolchain/sources.mjs';

let apt;
beforeEach(async () => void (apt = await mkdtemp(join(tmpdir(), 'unroll-apt-'))));
afterEach(() => rm(apt, { recursive: true }));

async function write(name, text) {
  const file = join(apt, name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
}

describe('the sources of Debian 13', () => {
  it('are those of the machine with the release replaced, from the newer form', async () => {
    await write(
      'sources.list.d/debian.sources',
      `Types: deb
# a remark
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
`,
    );
    expect(trixieSources(apt, 'bookworm')).toBe(
      'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://mirror.example/debian trixie main\n' +
        'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://mirror.example/debian-security trixie-security main\n',
    );
  });

  it('and from the older form, with its options', async () => {
    await write(
      'sources.list',
      `# deb http://old.example/debian bookworm main
deb [trusted=yes arch=amd64] http://mirror.example/a/b bookworm main contrib
deb http://mirror.example/security bookworm-security main
deb-src http://mirror.example/a/b bookworm main
`,
    );
    expect(trixieSources(apt, 'bookworm')).toBe(
      'deb [trusted=yes arch=amd64] http://mirror.example/a/b trixie main\n' +
        'deb http://mirror.example/security trixie-security main\n',
    );
  });

  it('leave out what is not of Debian itself, and what is switched off', async () => {
    await write('sources.list.d/other.list', 'deb https://packages.example/apt some-bookworm main\n');
    await write(
      'sources.list.d/off.sources',
      'Enabled: no\nTypes: deb\nURIs: http://off.example/debian\nSuites: bookworm\n',
    );
    await write(
      'sources.list.d/source.sources',
      'Types: deb-src\nURIs: http://source.example/debian\nSuites: bookworm\n',
    );
    expect(trixieSources(apt, 'bookworm')).toBe('');
  });

  it('are none where apt is not configured', () => expect(trixieSources(join(apt, 'none'), 'bookworm')).toBe(''));
});

describe('the release of this machine', () => {
  it.each([
    ['Debian', 'ID=debian\nVERSION_CODENAME=bookworm\n', 'bookworm'],
    ['Ubuntu', 'ID=ubuntu\nID_LIKE=debian\nVERSION_CODENAME=noble\n', ''],
  ])('on %s', async (_name, text, expected) => {
    expect(debianRelease(await write('os-release', text))).toBe(expected);
  });

  it('on another system', () => expect(debianRelease(join(apt, 'none'))).toBe(''));
});
