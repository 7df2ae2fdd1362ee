/** Mistakes in learning-rate schedules and initialisation. */
export const schedules = [
  {
    what: 'StepLR falls one step late',
    file: 'cpp/unroll/nn/schedule.cpp',
    from: 'state_.steps % config_.step_size == 0',
    to: '(state_.steps - 1) % config_.step_size == 0',
  },
  {
    what: 'cosine schedule: it never leaves the trough',
    file: 'cpp/unroll/nn/schedule.cpp',
    from: '(state_.steps - 1 - config_.t_max) % (2 * config_.t_max) == 0',
    to: 'state_.steps < 0',
  },
  {
    what: 'cosine schedule: the trough is at zero',
    file: 'cpp/unroll/nn/schedule.cpp',
    from: '(lr - config_.eta_min) +\n         config_.eta_min',
    to: '(lr - config_.eta_min)',
  },
  {
    what: 'linear schedule: it rises for one step too many',
    file: 'cpp/unroll/nn/schedule.cpp',
    from: 'state_.steps > config_.total_iters',
    to: 'state_.steps > config_.total_iters + 1',
  },
  {
    what: 'linear schedule: the warm-up starts at the full rate',
    file: 'cpp/unroll/nn/schedule.cpp',
    from: 'warms_up ? base_lr * config_.start_factor : base_lr',
    to: 'base_lr',
  },
  {
    what: 'plateau schedule: patience is one metric shorter',
    file: 'cpp/unroll/nn/schedule.cpp',
    from: 'state_.bad <= config_.patience',
    to: 'state_.bad < config_.patience',
  },
  {
    what: 'plateau schedule: there is no rest after a fall',
    file: 'cpp/unroll/nn/schedule.cpp',
    from: 'state_.resting = config_.cooldown;',
    to: '',
  },
  {
    what: 'plateau schedule: a share of the best is taken for a difference',
    file: 'cpp/unroll/nn/schedule.cpp',
    from: 'metric < best * (1.0 - config_.threshold)',
    to: 'metric < best - config_.threshold',
  },
  {
    what: 'plateau schedule: the floor is not kept',
    file: 'cpp/unroll/nn/schedule.cpp',
    from: 'std::max(state_.learning_rate * config_.factor, config_.min_lr)',
    to: 'state_.learning_rate * config_.factor',
  },
  {
    what: 'plateau schedule: a better metric does not end the count',
    file: 'cpp/unroll/nn/schedule.cpp',
    from: 'state_.best = metric;\n    state_.bad = 0;',
    to: 'state_.best = metric;',
  },
  {
    what: 'initialisation: the bias of another gate is raised',
    file: 'cpp/unroll/nn/initialisation.cpp',
    from: 'gate_block(config.cell, "f")',
    to: 'gate_block(config.cell, "g")',
  },
  {
    what: 'initialisation: orthogonal rows are not of length one',
    file: 'cpp/unroll/nn/initialisation.cpp',
    from: 'for (Index j = 0; j < size; ++j) row[j] /= length;',
    to: '',
  },
  {
    what: 'initialisation: orthogonal rows keep their share of those before',
    file: 'cpp/unroll/nn/initialisation.cpp',
    from: 'row[j] -= share * before[j]',
    to: 'row[j] -= 0.5 * share * before[j]',
  },
  {
    what: 'initialisation: Xavier counts the rows of all gates',
    file: 'cpp/unroll/nn/initialisation.cpp',
    from: 'layout.cols + layout.block_rows',
    to: 'layout.cols + layout.rows',
  },
];
