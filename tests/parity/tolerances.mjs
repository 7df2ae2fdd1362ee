/**
 * Recommended tolerances of the fixtures, relative to the largest expected number of a tensor. They follow from
 * float32; a manifest may ask for less, never for more.
 */
const groups = {
  forward: 5e-6,
  varlen: 5e-6,
  backward: 5e-6,
  dropout: 5e-6,
  lm: 5e-6,
  tbptt: 5e-6,
  optim: 3e-5,
  sched: 1e-12,
  classifier: 5e-6,
  sampling: 1e-5,
  cross_entropy: 2e-6,
  text: 5e-6,
  train: 1e-4,
  gradflow: 1e-4,
  saturated: 3e-5,
};

/** The tolerance of a case. Saturated cells amplify rounding, so they have their own. */
export function toleranceOf({ id, group, tol }) {
  if (!Object.hasOwn(groups, group)) throw new Error(`there is no group ${group}`);
  const most = groups[/saturated/.test(id) ? 'saturated' : group];
  if (!(tol > 0)) throw new Error(`its tolerance is ${tol}`);
  return Math.min(tol, most);
}
