/** Mistakes in the model, its training and its use. */
export const model = [
  {
    what: 'the state is not carried to the next window',
    file: 'cpp/unroll/model/language_model.cpp',
    from: 'stack_->copy_final_state(state);',
    to: '',
  },
  {
    what: 'gradients add up over the steps',
    file: 'cpp/unroll/model/language_model.cpp',
    from: 'parameters_.zero_gradients();',
    to: '',
  },
  {
    what: 'the embedding is not trained',
    file: 'cpp/unroll/model/language_model.cpp',
    from: 'if (embedding_) embedding_->backward(',
    to: 'if (embedding_ && rows == 0) embedding_->backward(',
  },
  {
    what: 'the state is not reset when an epoch begins',
    file: 'cpp/unroll/training/language_task.cpp',
    from: 'if (epoch_starts) state_.set_zero();',
    to: '',
  },
  {
    what: 'a rewound trainer keeps the moments of its optimizer',
    file: 'cpp/unroll/training/trainer.cpp',
    from: '  optimizer_.reset();',
    to: '',
  },
  {
    what: 'a rewound trainer goes on with its dropout',
    file: 'cpp/unroll/training/language_task.cpp',
    from: '  dropout_rng_ = shard_.dropout_rng(model_->config().network.seed);',
    to: '',
  },
  {
    what: 'gradients are not clipped',
    file: 'cpp/unroll/training/trainer.cpp',
    from: 'clip_gradients(parameters_, norm, config_.clip_norm, config_.clip_value)',
    to: '1.0',
  },
  {
    what: 'a step with a gradient that is not finite is taken',
    file: 'cpp/unroll/training/trainer.cpp',
    from: 'if (!std::isfinite(norm)) go_back(Divergence::Of::kGradient);',
    to: '',
  },
  {
    what: 'an evaluation guesses what it has just read',
    file: 'cpp/unroll/inference/evaluation.cpp',
    from: 'reader_->evaluate(ids, ids + 1,',
    to: 'reader_->evaluate(ids, ids,',
  },
  {
    what: 'a high temperature makes sharper',
    file: 'cpp/unroll/inference/sampling.cpp',
    from: '(logits[j] - max) / temperature',
    to: '(logits[j] - max) * temperature',
  },
  {
    what: 'the nucleus is that of all tokens, not of the top k',
    file: 'cpp/unroll/inference/sampling.cpp',
    from: 'more_likely / mass < config_.top_p',
    to: 'more_likely < config_.top_p',
  },
  {
    what: 'a failed import has changed the weights',
    file: 'cpp/unroll/model/state_dict.cpp',
    from: 'check_tensor(find(tensors, parameters.spec(id).name), parameters.spec(id));',
    to: 'check_tensor(find(tensors, parameters.spec(id).name), parameters.spec(id));\n    parameters.value(id)[0] += 1.0f;',
  },
];
