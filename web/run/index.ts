/** Training as a sequence of events, the same for the command line and the page's worker. */
export { Run } from './checked-run.js';
export type { RunOptions, Start } from './run-options.js';
export type { RunActivity, RunEvent, RunResult } from './run-events.js';
export type { BlowUp } from './blow-up.js';
export type { RunCheckpoint } from './checkpoint.js';
export { LastingRun } from './checked-lasting-run.js';
export type { LastingRunOptions } from './lasting-run.js';
export { cellIn, openingFor, runMemory, sampleOptions, saveRun, trainerConfig } from './checked-functions.js';
export { readRunFile, writeRunFile } from './run-file.js';
export type { SavedRun } from './run-file.js';
export { chooseRunWorkers, startRun } from './checked-start.js';
