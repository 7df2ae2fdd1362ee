/** Mistakes between the bytes of a text and the windows that are trained on. */
export const text = [
  {
    what: 'the targets are the inputs',
    file: 'cpp/unroll/text/stream_batches.cpp',
    from: 'token[t + 1]',
    to: 'token[t]',
  },
  {
    what: 'windows are batch-major',
    file: 'cpp/unroll/text/stream_batches.cpp',
    from: 'ids[t * count + j]',
    to: 'ids[j * seq_len_ + t]',
  },
  {
    what: 'a text that fills its streams to the last character is one too short',
    file: 'cpp/unroll/text/stream_batches.cpp',
    from: '(static_cast<Index>(length) - 1) / batch_size',
    to: '(static_cast<Index>(length) - 2) / batch_size',
  },
  {
    what: 'nine tenths and a twentieth of a text are a hair too little',
    file: 'cpp/unroll/text/split.cpp',
    from: 'to_twelve_decimals(fractions.train + fractions.validation)',
    to: 'fractions.train + fractions.validation',
  },
  {
    what: 'a bigram is smoothed without the size of the vocabulary',
    file: 'cpp/unroll/text/ngram_baseline.cpp',
    from: 'kAdded * size',
    to: 'kAdded',
  },
  {
    what: 'overlong UTF-8 is accepted',
    file: 'cpp/unroll/core/unicode.cpp',
    from: 'c < kSmallestOfLength[length] || ',
    to: '',
  },
  {
    what: 'a model file may have bytes behind its last tensor',
    file: 'cpp/unroll/io/safetensors_parse.cpp',
    from: 'if (reached != data_size) {',
    to: 'if (reached > data_size) {',
  },
  {
    what: 'buckets: the longest sequence is the last',
    file: 'cpp/unroll/text/buckets.cpp',
    from: 'longest = std::max(longest, length);',
    to: 'longest = length;',
  },
  {
    what: 'buckets: the shortest comes first',
    file: 'cpp/unroll/text/buckets.cpp',
    from: 'length(a) > length(b)',
    to: 'length(a) < length(b)',
  },
  {
    what: 'buckets: each epoch has the order of the first',
    file: 'cpp/unroll/text/buckets.cpp',
    from: 'shuffle(order, rng);',
    to: '',
  },
  {
    what: 'a padded batch is batch-major',
    file: 'cpp/unroll/text/padding.cpp',
    from: 'batch.ids[t * chosen.size() + j] = sequence[t];',
    to: 'batch.ids[j * sequence.size() + t] = sequence[t];',
  },
  {
    what: 'a text that spells out <pad> is padding',
    file: 'cpp/unroll/text/word_vocabulary.cpp',
    from: 'found != ids_.end() && found->second != kPad',
    to: 'found != ids_.end()',
  },
];
