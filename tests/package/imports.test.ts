import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** The published package, as it was built. */
const lib = new URL('../../build/lib/', import.meta.url);
const scripts = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));

describe('the published scripts', () => {
  it('are the library as it was written, and one bundle for each other entry', () => {
    const others = scripts.filter((name) => !name.startsWith('engine/'));
    expect(others.sort()).toEqual([
      'cli/main.js',
      'links/index.js',
      'parallel/index.js',
      'parallel/worker.js',
      'run/index.js',
    ]);
    expect(scripts).toContain('engine/index.js');
  });

  it.each(scripts)('%s imports nothing but Node and its own package', (name) => {
    const source = readFileSync(new URL(name, lib), 'utf8');
    const imported = [...source.matchAll(/^(?:import|export)\b[^'"]*?from\s*['"]([^'"]+)['"]/gm)].map(
      (match) => match[1]!,
    );
    for (const id of imported) expect(id).toMatch(/^(?:node:|\.\.?\/)/);
  });

  it('are found to import something, so that the check above can fail', () => {
    const source = readFileSync(new URL('cli/main.js', lib), 'utf8');
    expect(source).toMatch(/^import \{[^}]*\} from "\.\.\/engine\/index\.js";$/m);
    expect(source).toMatch(/^import \{[^}]*\} from "node:util";$/m);
  });
});
