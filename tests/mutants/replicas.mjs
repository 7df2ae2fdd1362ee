/** Mistakes in training that several replicas share. */
export const replicas = [
  {
    what: 'replicas: the sum leaves out the last gradients',
    file: 'cpp/unroll/nn/gradient_sum.cpp',
    from: 'k < blocks.size()',
    to: 'k + 1 < blocks.size()',
  },
  {
    what: 'replicas: a smaller share of the streams counts as much as a larger one',
    file: 'cpp/unroll/training/trainer.cpp',
    from: 'scale_gradients(parameters_, static_cast<float>(share));',
    to: 'scale_gradients(parameters_, 1.0f / static_cast<float>(config_.shard.count));',
  },
  {
    what: 'replicas: their losses are added up, not averaged',
    file: 'cpp/unroll/training/trainer.cpp',
    from: 'return share * loss;',
    to: 'return loss;',
  },
  {
    what: 'replicas: each reads the streams of the first',
    file: 'cpp/unroll/text/stream_batches.cpp',
    from: '(streams_.begin + j) * stream_length_',
    to: 'j * stream_length_',
  },
  {
    what: 'replicas: one stream is left to none',
    file: 'cpp/unroll/training/shard.h',
    compile: 'cpp/unroll/training/language_task.cpp',
    from: '(index + 1) * batch_size / count',
    to: 'index * batch_size / count + batch_size / count',
  },
  {
    what: 'replicas: all draw the same dropout masks',
    file: 'cpp/unroll/training/shard.cpp',
    from: 'replica <= index',
    to: 'replica < 1',
  },
  {
    what: 'replicas: a step that is half done is begun again',
    file: 'cpp/unroll/training/trainer.cpp',
    from: 'in_half_step_ = true;',
    to: '',
  },
];
