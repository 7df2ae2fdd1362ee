/** Training as a sequence of events, the same for the command line and the page's worker. */
export { Run } from './run.js';
export type { RunOptions, Start } from './run-options.js';
export type { RunActivity, RunEvent, RunResult } from './run-events.js';
export type { BlowUp } from './blow-up.js';
export type { RunCheckpoint } from './checkpoint.js';
export { LastingRun } from './lasting-run.js';
export type { LastingRunOptions } from './lasting-run-options.js';
export { cellIn, sampleOptions, trainerConfig } from './engine-config.js';
export { openingFor } from './opening.js';
export { runMemory } from './run-memory.js';
export { saveRun } from './save-run.js';
export { readRunFile, writeRunFile } from './run-file.js';
export type { SavedRun } from './run-file.js';
export { distinctCharacters } from './distinct-characters.js';
export { chooseRunWorkers } from './choose-workers.js';
export { startRun } from './start-run.js';
