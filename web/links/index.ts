/** Links and the runs they describe. Works in any page, in workers and in Node; knows nothing of the engine. */
export { LinkError } from './link-error.js';
export type { LinkErrorCode } from './link-error.js';
export { CELLS, DEFAULTS, defaultsOf, LIMITS, MAX_PROMPT_LENGTH, OPTIMIZERS } from './run-config.js';
export type {
  Cell,
  ConfigKey,
  ConfigOf,
  LanguageConfig,
  NumberKey,
  Optimizer,
  RunConfig,
  SharedConfig,
  Split,
} from './run-config.js';
export { TASK_NAMES } from './tasks.js';
export type { TaskName } from './tasks.js';
export { completeConfig, describeRange, findProblems } from './check-config.js';
export type { ConfigProblem, ConfigValues } from './check-config.js';
export { LINK_VERSION } from './link.js';
export type { Link, OpenedLink } from './link.js';
export type { ResultClaim } from './claim.js';
export type { LinkView } from './view.js';
export { hasLink, readLink } from './read-link.js';
export { writeLink } from './write-link.js';
export { linkBudget, MAX_LINK_LENGTH } from './budget.js';
export type { LinkReach } from './budget.js';
export { MAX_OWN_TEXT_BYTES } from './own-text.js';
