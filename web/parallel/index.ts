/** Data-parallel training over several threads without shared memory. */
export { Replicas } from './replicas.js';
export { sameEngine } from './same-engine.js';
export type { ReplicasOptions } from './replicas-options.js';
export { chooseWorkers } from './choose.js';
export type { WorkersChoice } from './choose.js';
export { measureWorkers } from './measure.js';
export type { WorkersMeasure } from './measure.js';
export type { ReplicaThread, SpawnReplica } from './thread.js';
export type { StartMessage } from './protocol.js';
export { spawnInNode } from './node-thread.js';
