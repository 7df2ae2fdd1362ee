import { fixtureName } from '../fixture.mjs';
import { makeModel, under } from './language-model.mjs';
import { makeSchedule } from './schedule.mjs';

/** Rates are computed in double, everywhere. */
const scheduleTolerance = 1e-12;

/** An optimizer of torch.optim in the engine's words. */
function optimizerConfig({ optimizer, optimizer_defaults: args }) {
  const [beta1, beta2] = args.betas ?? [];
  const config = {
    kind: optimizer.toLowerCase(),
    learningRate: args.lr,
    weightDecay: args.weight_decay,
    momentum: args.momentum,
    nesterov: args.nesterov,
    alpha: args.alpha,
    eps: args.eps,
    beta1,
    beta2,
  };
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined));
}

/** optim: 20 steps from a zero state each; losses, norms, parameters after the first and the last, moments. */
export function training(engine, fixture, comparison) {
  const { manifest } = fixture;
  const { steps, seq_len: seqLen, batch: batchSize, clip, scalars, scheduler } = manifest;
  const model = makeModel(engine, fixture);
  const optimizer = optimizerConfig(manifest);
  const schedule = scheduler && makeSchedule(engine, fixture, scheduler.kind, scheduler.args, optimizer.learningRate);
  const size = seqLen * batchSize;
  const losses = [];
  const norms = [];
  const rates = [];
  for (let step = 0; step < steps; ++step) {
    const tokens = (name) => fixture.numbers(name, [steps, seqLen, batchSize]).slice(step * size, (step + 1) * size);
    const batch = { ids: tokens('in.ids'), targets: tokens('in.targets'), seqLen, batchSize };
    losses.push(model.lossAndGradients(batch).loss);
    rates.push(schedule ? schedule.learningRate : optimizer.learningRate);
    model.configureOptimizer({ ...optimizer, learningRate: rates[step] });
    const limits = {
      clipNorm: clip?.kind === 'norm' ? clip.value : 0,
      clipValue: clip?.kind === 'value' ? clip.value : 0,
    };
    norms.push(model.applyGradients(limits).gradNorm);
    schedule?.step(scheduler.metric?.[step]);
    if (step === 0) comparison.tensors(under('step1.param.'), model.stateDict());
  }
  comparison.elementwise('lr_used', rates, manifest.lr_used, scheduleTolerance);
  comparison.elementwise('scalars.losses', losses, scalars.losses);
  comparison.elementwise('scalars.grad_norms_before_clipping', norms, scalars.grad_norms_before_clipping);
  comparison.tensors(under('final.param.'), model.stateDict());
  comparison.tensors(momentName, model.optimizerState());
}

/** `exp_avg.head.bias` is `final.state.exp_avg.fc.bias` there. */
function momentName(name) {
  const [slot, ...parameter] = name.split('.');
  return `final.state.${slot}.${fixtureName(parameter.join('.'))}`;
}
