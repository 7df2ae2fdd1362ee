import { classification } from './classifier.mjs';
import { flow } from './gradient-flow.mjs';
import { window, windows } from './language-model.mjs';
import { training } from './optimizer.mjs';
import { gradients, outputs } from './recurrent.mjs';
import { distributions, rowLosses } from './rows.mjs';
import { rates } from './schedule.mjs';
import { likelihood } from './text.mjs';
import { realTraining } from './train.mjs';

/** What runs a case of each group: (engine, fixture, comparison) -> nothing, or {unsupported: why}. */
export const groups = {
  forward: outputs,
  varlen: outputs,
  backward: gradients,
  dropout: gradients,
  lm: window,
  tbptt: windows,
  optim: training,
  text: likelihood,
  train: realTraining,
  sched: rates,
  classifier: classification,
  cross_entropy: rowLosses,
  sampling: distributions,
  gradflow: flow,
};
