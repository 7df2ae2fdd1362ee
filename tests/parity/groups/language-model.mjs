import { fixtureName } from '../fixture.mjs';
import { cellOf } from './recurrent.mjs';

/** Some characters for V tokens; which ones does not matter. */
export function charactersFor(vocab) {
  return Array.from({ length: vocab }, (_, i) => String.fromCodePoint(0x4e00 + i));
}

/** A language model with the fixture's parameters. */
export function makeModel(engine, fixture) {
  const { module, vocab, embedding_dim: embedding } = fixture.manifest;
  const model = fixture.own(
    engine.createLanguageModel({
      cell: cellOf(module),
      hiddenSize: module.hidden_size,
      numLayers: module.num_layers,
      embeddingDim: embedding ?? 0,
      vocabulary: charactersFor(vocab),
    }),
  );
  model.loadStateDict(fixture.parameters());
  return model;
}

export function compareState(comparison, prefix, { h, c }) {
  comparison.tensor(`${prefix}h_n`, h);
  if (c) comparison.tensor(`${prefix}c_n`, c);
}

/** The name of a parameter's tensor: `grad.param.` and what PyTorch calls it. */
export const under = (prefix) => (name) => prefix + fixtureName(name);

/** lm: logits, loss and every gradient of one window. */
export function window(engine, fixture, comparison) {
  const model = makeModel(engine, fixture);
  const { seq_len: seqLen, batch: batchSize } = fixture.manifest;
  const tokens = (name) => fixture.numbers(name, [seqLen, batchSize]);
  const batch = { ids: tokens('in.ids'), targets: tokens('in.targets'), seqLen, batchSize };
  const { loss, logits, state, gradients } = model.lossAndGradients(batch);
  comparison.tensor('out.logits', logits);
  compareState(comparison, 'out.', state);
  comparison.scalar('scalars.loss', loss, fixture.manifest.scalars.loss);
  comparison.tensors(under('grad.param.'), gradients);
}

/** tbptt: three windows with the state carried and detached; with or without an update after each. */
export function windows(engine, fixture, comparison) {
  const model = makeModel(engine, fixture);
  const { chunk_len: seqLen, chunks, batch: batchSize, sgd_lr: learningRate, scalars } = fixture.manifest;
  if (learningRate) model.configureOptimizer({ kind: 'sgd', learningRate });
  const losses = [];
  let carried;
  for (let chunk = 0; chunk < chunks; ++chunk) {
    const size = seqLen * batchSize;
    const tokens = (name) =>
      fixture.numbers(name, [chunks * seqLen, batchSize]).slice(chunk * size, (chunk + 1) * size);
    const batch = { ids: tokens('in.ids'), targets: tokens('in.targets'), seqLen, batchSize, state: carried };
    const { loss, state, gradients } = model.lossAndGradients(batch);
    carried = state;
    losses.push(loss);
    compareState(comparison, `out.chunk${chunk}.`, state);
    comparison.tensors(under(`grad.chunk${chunk}.param.`), gradients);
    if (learningRate) model.applyGradients();
  }
  comparison.elementwise('scalars.losses', losses, scalars.losses);
  if (learningRate) comparison.tensors(under('final.param.'), model.stateDict());
}
