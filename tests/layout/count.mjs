import { execFileSync } from 'node:child_process';

/**
 * What an addition costs: how many files a commit touches, by their kind.
 *
 *   node tests/layout/count.mjs COMMIT...
 *
 * A registry is a file that lists additions, and where each is expected to leave a line. What a commit makes anew is counted
 * apart from what it had to change.
 */
const REGISTRIES = [
  'cpp/unroll/nn/cell.cpp',
  'cpp/unroll/nn/cell.h',
  'web/cli/dispatch.ts',
  'web/engine/cells.ts',
  'web/links/tasks.ts',
  'web/page/lenses/lenses.ts',
  'web/tasks/reports.ts',
  'web/tasks/tasks.ts',
];

export function kindOf(path) {
  if (path.startsWith('tests/') || /\.test\.\w+$/.test(path)) return 'tests';
  if (REGISTRIES.includes(path)) return 'registries';
  return /\.(md|json)$/.test(path) ? 'documents' : 'code';
}

/** `status` is what `git show --name-status` prints: a letter and a path in each line. */
export function count(status) {
  const counts = { code: 0, registries: 0, documents: 0, tests: 0, added: 0, changed: 0 };
  for (const line of status.split('\n').filter(Boolean)) {
    const [letter, ...paths] = line.split('\t');
    const kind = kindOf(paths.at(-1));
    counts[kind]++;
    if (kind !== 'tests') counts[letter === 'A' ? 'added' : 'changed']++;
  }
  return counts;
}

function git(...args) {
  return execFileSync('git', args, { encoding: 'utf8' });
}

function print(commit) {
  const { code, registries, documents, tests, added, changed } = count(
    git('show', '--format=', '--name-status', '--find-renames', commit),
  );
  process.stdout.write(
    `${git('log', '-1', '--format=%h %s', commit)}` +
      `  ${code + registries + documents} files and ${tests} of tests: ` +
      `${code} code, ${registries} registries, ${documents} documents; ${added} new, ${changed} changed\n`,
  );
}

if (import.meta.filename === process.argv[1]) process.argv.slice(2).forEach(print);
