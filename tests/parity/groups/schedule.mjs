/** The arguments of torch.optim.lr_scheduler's classes in the engine's words. */
const schedules = {
  StepLR: ({ step_size: stepSize, gamma }) => ({ kind: 'step', stepSize, gamma }),
  CosineAnnealingLR: ({ T_max: tMax, eta_min: etaMin }) => ({ kind: 'cosine', tMax, etaMin }),
  LinearLR: ({ start_factor: startFactor, end_factor: endFactor, total_iters: totalIters }) => ({
    kind: 'linear',
    startFactor,
    endFactor,
    totalIters,
  }),
  ReduceLROnPlateau: ({ threshold_mode: thresholdMode, min_lr: minLr, ...rest }) => ({
    kind: 'plateau',
    thresholdMode,
    minLr,
    ...rest,
  }),
};

function scheduleConfig(name, args) {
  const defined = Object.entries(schedules[name](args)).filter(([, value]) => value !== undefined);
  return Object.fromEntries(defined);
}

/** A scheduler of torch.optim.lr_scheduler by its class and arguments. */
export function makeSchedule(engine, fixture, name, args, learningRate) {
  return fixture.own(engine.createSchedule({ ...scheduleConfig(name, args), learningRate }));
}

/** sched: the rate of each update. */
export function rates(engine, fixture, comparison) {
  const { scheduler, scheduler_args: args, base_lr: learningRate, steps } = fixture.manifest;
  const schedule = makeSchedule(engine, fixture, scheduler, args, learningRate);
  const metric = scheduler === 'ReduceLROnPlateau' ? fixture.numbers('in.metric', [steps]) : undefined;
  const got = Array.from({ length: steps }, (_, step) => {
    const rate = schedule.learningRate;
    schedule.step(metric?.[step]);
    return rate;
  });
  comparison.elementwise('out.lr', got, Array.from(fixture.numbers('out.lr', [steps])));
}
