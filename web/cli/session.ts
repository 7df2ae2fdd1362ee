import { tmpdir } from 'node:os';
import type { ResultClaim, RunConfig } from '../links/index.js';
import { spawnInNode } from '../parallel/node-thread.js';
import { saveRun, startRun } from '../run/index.js';
import type { Run } from '../run/index.js';
import { judgeClaim, tellVerdict } from './claim-check.js';
import { loadEngine } from './load-engine.js';
import { Output, saveSomewhere } from './output.js';
import { goOnWithoutReaders } from './readers.js';
import { repeatLink } from './repeat-link.js';
import { JsonReport, TableReport, tellBlowUp } from './report.js';
import type { Report } from './report.js';
import { note } from './terminal.js';
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
export async function trainSession(session: Session): Promise<number> {
  const output = session.out === null ? null : await Output.open('--out', session.out);
  if (output) goOnWithoutReaders();
  try {
    return await trainInto(output, session);
  } finally {
    await output?.close();
  }
}

async function trainInto(output: Output | null, { config, text, json, claim }: Session): Promise<number> {
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
        if (event.type === 'blow-up') {
          report.pause();
          tellBlowUp(event);
        }
      },
      onProgress: (...progress) => report.onProgress(...progress),
    });
    report.pause();
    const saved = output && (await saveSomewhere(output, saveRun(run), [text.folder, tmpdir()]));
    if (result === null) return tellInterrupted(run, saved);

    const verdict = claim && judgeClaim(claim, result, reached);
    report.end({ result, charsPerSecond, link: await repeatLink(config, result), verdict });
    if (claim && verdict) tellVerdict(verdict, claim, result, reached);
    // Whoever reads the exit code expects the model where --out says.
    return output && saved !== output.path ? 1 : 0;
  } finally {
    report.pause();
    run.delete();
  }
}

function tellInterrupted(run: Run, saved: string | null): number {
  const kept = saved === null ? 'nothing was saved, there was no --out' : `the model so far is in ${saved}`;
  note(`unroll: stopped at step ${run.step} of ${run.config.steps}; ${kept}`);
  return INTERRUPTED;
}
