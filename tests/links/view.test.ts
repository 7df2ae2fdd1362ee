import { describe, expect, test } from 'vitest';
import { DEFAULTS, readLink, writeLink } from '../../web/links/index.js';
import type { LinkView } from '../../web/links/index.js';

const VIEW: LinkView = { lens: 'gates', position: 12, layer: 0, unit: 5, gate: 'f' };

describe('what the page shows', () => {
  test('is a key of the link, and comes back', async () => {
    const fragment = await writeLink({ config: DEFAULTS, view: VIEW });
    expect(fragment).toMatch(/&show=gates\.12\.0\.5\.f$/);
    expect(await readLink(fragment)).toMatchObject({ config: DEFAULTS, view: VIEW, extra: new Map() });
  });

  test('is left out when nothing is, and such a link is what it was', async () => {
    expect(await writeLink({ config: DEFAULTS, view: null })).toBe(await writeLink({ config: DEFAULTS }));
    expect((await readLink(await writeLink({ config: DEFAULTS }))).view).toBeNull();
  });

  test('may be written by hand', async () => {
    expect((await readLink('#v=1&cell=gru&show=gates.0.0.0.z')).view).toEqual({
      ...VIEW,
      position: 0,
      unit: 0,
      gate: 'z',
    });
  });

  test.each([
    '',
    'gates',
    'gates.1.2.3',
    'gates.01.0.0.f',
    'gates.1.0.0.ff',
    'Gates.1.0.0.f',
    'gates.99999.0.0.f',
    'gates.-1.0.0.f',
  ])('is refused when it is no view: show=%s', async (written) => {
    await expect(readLink(`#v=1&show=${written}`)).rejects.toMatchObject({ code: 'LINK_DAMAGED' });
  });

  test.each([{ ...VIEW, position: 1.5 }, { ...VIEW, gate: 'forget' }, { ...VIEW, lens: 'a&b=c' }, {}, 7, null])(
    'is not written unless it can be read again: %o',
    async (view) => {
      const writing = writeLink({ config: DEFAULTS, view: view as LinkView });
      if (view === null) expect((await readLink(await writing)).view).toBeNull();
      else await expect(writing).rejects.toMatchObject({ code: 'INVALID_CONFIG' });
    },
  );
});
