/**
 * cross_entropy: the loss and its gradient for given logits. A model whose head has weights of zero has its biases for
 * logits, whatever it reads; so each row of logits is one model's loss on one character.
 */
export function crossEntropy(engine, fixture, comparison) {
  const { data: logits, shape } = fixture.input('in.logits');
  const [rows, vocab] = shape;
  const targets = fixture.tokens('in.targets', [rows]);
  const vocabulary = Array.from({ length: vocab }, (_, i) => String.fromCodePoint(0x4e00 + i));
  const model = fixture.own(engine.createLanguageModel({ cell: 'rnn', hiddenSize: 1, vocabulary }));
  const tensors = new Map(model.stateDict());
  tensors.set('head.weight', { shape: [vocab, 1], data: new Float32Array(vocab) });

  const losses = new Float64Array(rows);
  const gradient = new Float64Array(rows * vocab);
  for (let row = 0; row < rows; ++row) {
    tensors.set('head.bias', { shape: [vocab], data: logits.slice(row * vocab, (row + 1) * vocab) });
    model.loadStateDict(tensors);
    const { loss, gradients } = model.lossAndGradients({ ids: [0], targets: [targets[row]], seqLen: 1, batchSize: 1 });
    losses[row] = loss;
    // The fixture's loss is the mean over the rows.
    gradients.get('head.bias').data.forEach((value, i) => (gradient[row * vocab + i] = value / rows));
  }
  comparison.tensor('out.loss_per_row', { shape: [rows], data: losses });
  comparison.tensor('grad.in.logits', { shape, data: gradient });
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / rows;
  comparison.scalar('scalars.loss', mean, fixture.manifest.scalars.loss);
}
