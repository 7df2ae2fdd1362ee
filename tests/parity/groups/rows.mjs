/** cross_entropy: the loss of each row, their mean, and its gradient. */
export function rowLosses(engine, fixture, comparison) {
  const { manifest } = fixture;
  const options = {};
  if (manifest.ignore_index !== undefined) options.ignoreIndex = manifest.ignore_index;
  if (manifest.label_smoothing !== undefined) options.labelSmoothing = manifest.label_smoothing;
  const targets = fixture.numbers('in.targets', [manifest.batch]);
  const { loss, perRow, gradient } = engine.crossEntropy(fixture.input('in.logits'), targets, options);
  comparison.tensor('out.loss_per_row', { shape: [perRow.length], data: perRow });
  comparison.tensor('grad.in.logits', gradient);
  comparison.scalar('scalars.loss', loss, manifest.scalars.loss);
}

/** sampling: what would be drawn from, for each setting, and the likeliest token. */
export function distributions(engine, fixture, comparison) {
  const logits = fixture.input('in.logits');
  for (const { tensor, temperature, top_k: topK, top_p: topP } of fixture.manifest.settings) {
    comparison.tensor(tensor, engine.samplingDistribution(logits, { temperature, topK, topP }));
  }
  comparison.exact('scalars.argmax', engine.argmax(logits), fixture.manifest.scalars.argmax);
  const greedy = engine.samplingDistribution(logits, { greedy: true });
  comparison.exact('scalars.argmax', engine.argmax(greedy), fixture.manifest.scalars.argmax);
}
