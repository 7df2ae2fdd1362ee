/** What computes the tasks of the catalogue, each under its id. The page, which only names them, does without. */
export { brackets } from './brackets.js';
export { copying } from './copying.js';
export { counting } from './counting.js';
export { sums } from './sums.js';
