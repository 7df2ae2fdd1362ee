import { Comparison } from './comparison.mjs';
import { caseIds, readFixture } from './fixture.mjs';
import { groups } from './groups/index.mjs';
import { toleranceOf } from './tolerances.mjs';

/** Runs one case: {status: 'pass' | 'fail' | 'unsupported', worst?, reason?}. */
function runCase(engine, folder, id) {
  let fixture;
  try {
    fixture = readFixture(engine, folder, id);
    const { group } = fixture.manifest;
    const comparison = new Comparison(fixture, toleranceOf(fixture.manifest));
    const { unsupported } = groups[group](engine, fixture, comparison) ?? {};
    if (unsupported) return { status: 'unsupported', reason: unsupported };
    comparison.finish();
    const { worst } = comparison;
    return { status: worst.error <= worst.tolerance ? 'pass' : 'fail', worst };
  } catch (error) {
    return { status: 'fail', reason: error.message };
  } finally {
    fixture?.delete();
  }
}

/** Runs every case of a folder and calls `report` for each. Resolves to the counts. */
export function runFolder(engine, folder, report) {
  const counts = { pass: 0, fail: 0, unsupported: 0 };
  for (const id of caseIds(folder)) {
    const result = runCase(engine, folder, id);
    ++counts[result.status];
    report(id, result);
  }
  return counts;
}
