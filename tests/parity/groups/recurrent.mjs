/** A network on plain arrays with the fixture's parameters. */
export function makeRnn(engine, fixture) {
  const { module, dropout = 0 } = fixture.manifest;
  const rnn = fixture.own(
    engine.createRnn({
      cell: cellOf(module),
      inputSize: module.input_size,
      hiddenSize: module.hidden_size,
      numLayers: module.num_layers,
      bidirectional: module.bidirectional,
      bias: module.bias,
      batchFirst: module.batch_first,
      dropout,
    }),
  );
  rnn.loadStateDict(fixture.parameters());
  return rnn;
}

export function cellOf({ cell, nonlinearity }) {
  return cell === 'rnn' || cell.startsWith('rnn') ? `rnn_${nonlinearity}` : cell;
}

function forward(rnn, fixture) {
  const options = {};
  if (fixture.has('in.h0')) options.state = { h: fixture.input('in.h0') };
  if (fixture.has('in.c0')) options.state.c = fixture.input('in.c0');
  if (fixture.has('in.lengths')) options.lengths = fixture.numbers('in.lengths', [fixture.manifest.batch]);
  if (fixture.has('in.mask_l0')) {
    const layers = fixture.manifest.module.num_layers - 1;
    rnn.setDropoutMasks(Array.from({ length: layers }, (_, layer) => fixture.input(`in.mask_l${layer}`)));
    options.training = true;
  }
  return rnn.forward(fixture.input('in.x'), options);
}

function compareOutputs(comparison, { output, hN, cN }) {
  comparison.tensor('out.y', output);
  comparison.tensor('out.h_n', hN);
  if (cN) comparison.tensor('out.c_n', cN);
}

/** forward, varlen: outputs and final states. */
export function outputs(engine, fixture, comparison) {
  const rnn = makeRnn(engine, fixture);
  compareOutputs(comparison, forward(rnn, fixture));
  // What PyTorch's PackedSequence holds; ours is inside the engine.
  comparison.ignore('out.packed_input_data', 'out.packed_output_data', 'out.packed_batch_sizes');
}

/** backward, dropout: gradients of sum(output * g_y) + sum(h_n * g_h_n) + sum(c_n * g_c_n). */
export function gradients(engine, fixture, comparison) {
  const rnn = makeRnn(engine, fixture);
  const result = forward(rnn, fixture);
  compareOutputs(comparison, result);

  const given = { output: fixture.input('in.g_y'), hN: fixture.input('in.g_h_n') };
  if (result.cN) given.cN = fixture.input('in.g_c_n');
  const terms = Object.entries(given).flatMap(([name, { data }]) =>
    Array.from(data, (value, i) => value * result[name].data[i]),
  );
  const { scalars } = fixture.manifest;
  const size = terms.reduce((sum, term) => sum + Math.abs(term), 0);
  // The loss is a sum with cancellation, so its error is relative to the size of its terms.
  comparison.scalar('scalars.loss_abs_terms', size, scalars.loss_abs_terms);
  comparison.scalar(
    'scalars.loss',
    terms.reduce((sum, term) => sum + term, 0),
    scalars.loss,
    size,
  );

  const { x, h0, c0, parameters } = rnn.backward(given);
  comparison.tensor('grad.in.x', x);
  if (fixture.has('in.h0')) comparison.tensor('grad.in.h0', h0);
  if (fixture.has('in.c0')) comparison.tensor('grad.in.c0', c0);
  comparison.tensors((name) => `grad.param.${name}`, parameters);
}
