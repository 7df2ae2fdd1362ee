import type { ResultClaim, RunConfig } from '../links/index.js';
import { spawnInNode } from '../parallel/node-thread.js';
import { saveRun, startRun } from '../run/index.js';
import type { Run } from '../run/index.js';
import { judgeClaim, tellVerdict } from './claim-check.js';
import { checkWritable, writeAtomically } from './files.js';
import { loadEngine } from './load-engine.js';
import { repeatLink } from './repeat-link.js';
import { JsonReport, TableReport } from './report.js';
import type { Report } from './report.js';
import { goOnWithoutReaders, note } from './terminal.js';
import type { NamedText } from './texts.js';
import { trainToEnd } from './training.js';

/** What `unroll train` and `unroll run` have in common. */
export interface Session {
  readonly config: RunConfig;
  readonly text: NamedText;
  readonly json: boolean;
  /** Where the model goes, or null. */
  readonly out: string | null;
  /** What the run is expected to arrive at, or null. */
  readonly claim: ResultClaim | null;
}

/** The exit code that shells use for a process ended by Ctrl-C. */
const INTERRUPTED = 130;

/** Trains, tells, saves, and compares with the claim. Resolves to the exit code. */
export async function trainSession({ config, text, json, out, claim }: Session): Promise<number> {
  if (out !== null) {
    await checkWritable('--out', out);
    goOnWithoutReaders();
  }
  const engine = await loadEngine(config.fast);
  const options = { samples: !json, marks: claim ? [claim.step] : [] };
  const run = await startRun(engine, config, text.text, spawnInNode, options);
  const report: Report = json ? new JsonReport() : new TableReport();
  let reached = '';
  try {
    report.begin(run, text.name);
    const { result, charsPerSecond } = await trainToEnd(run, {
      onEvent(event, speed) {
        if (event.type === 'fingerprint') reached = event.fingerprint;
        report.onEvent(event, speed);
      },
      onProgress: (...progress) => report.onProgress(...progress),
    });
    report.pause();
    if (out !== null) await writeAtomically('--out', out, saveRun(run));
    if (result === null) return tellInterrupted(run, out);

    const verdict = claim && judgeClaim(claim, result, reached);
    report.end({ result, charsPerSecond, link: await repeatLink(config, result), verdict });
    if (claim && verdict) tellVerdict(verdict, claim, result, reached);
    return 0;
  } finally {
    report.pause();
    run.delete();
  }
}

function tellInterrupted(run: Run, out: string | null): number {
  const kept = out === null ? 'nothing was saved, there was no --out' : `the model so far is in ${out}`;
  note(`unroll: stopped at step ${run.step} of ${run.config.steps}; ${kept}`);
  return INTERRUPTED;
}
