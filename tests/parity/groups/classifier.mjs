import { under } from './language-model.mjs';
import { cellOf } from './recurrent.mjs';

/** classifier: embedding -> bidirectional network over packed sequences -> final states -> head -> cross-entropy. */
export function classification(engine, fixture, comparison) {
  const { manifest } = fixture;
  const { module } = manifest;
  const classifier = fixture.own(
    engine.createClassifier({
      cell: cellOf(module),
      vocabSize: manifest.vocab,
      embeddingDim: manifest.embedding_dim,
      paddingIdx: manifest.padding_idx,
      hiddenSize: module.hidden_size,
      numLayers: module.num_layers,
      bidirectional: module.bidirectional,
      classes: manifest.classes,
    }),
  );
  classifier.loadStateDict(fixture.parameters());

  const { batch, seq_len: seqLen } = manifest;
  const ids = fixture.numbers('in.ids', [batch, seqLen]);
  const lengths = fixture.numbers('in.lengths', [batch]);
  const sequences = Array.from(lengths, (length, b) => ids.slice(b * seqLen, b * seqLen + length));
  const labels = fixture.numbers('in.labels', [batch]);
  const { loss, outputs, features, hN, gradients } = classifier.lossAndGradients(sequences, labels);
  comparison.tensor('out.logits', outputs);
  comparison.tensor('out.features', features);
  comparison.tensor('out.h_n', hN);
  comparison.exact('out.pred', classifier.predict(sequences).classes, fixture.numbers('out.pred', [batch]));
  comparison.scalar('scalars.loss', loss, manifest.scalars.loss);
  comparison.tensors(under('grad.param.'), gradients);
}
