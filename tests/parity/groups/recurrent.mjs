/** A network on plain arrays with the fixture's parameters. */
function makeRnn(engine, fixture) {
  const { module, dropout = 0 } = fixture.manifest;
  const rnn = engine.createRnn({
    cell: cellOf(module),
    inputSize: module.input_size,
    hiddenSize: module.hidden_size,
    numLayers: module.num_layers,
    bidirectional: module.bidirectional,
    bias: module.bias,
    batchFirst: module.batch_first,
    dropout,
  });
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
  if (fixture.has('in.lengths')) options.lengths = fixture.input('in.lengths').data;
  if (fixture.has('in.mask_l0')) {
    const layers = fixture.manifest.module.num_layers - 1;
    rnn.setDropoutMasks(Array.from({ length: layers }, (_, layer) => fixture.input(`in.mask_l${layer}`)));
    options.training = true;
  }
  return rnn.forward(fixture.input('in.x'), options);
}

function compareOutputs(comparison, fixture, { output, hN, cN }) {
  const got = { 'out.y': output, 'out.h_n': hN, 'out.c_n': cN };
  for (const [name, tensor] of Object.entries(got)) {
    if (fixture.has(name)) comparison.tensor(name, tensor, fixture.file.get(name));
  }
}

/** forward, varlen: outputs and final states. */
export function outputs(engine, fixture, comparison) {
  const rnn = fixture.own(makeRnn(engine, fixture));
  compareOutputs(comparison, fixture, forward(rnn, fixture));
  // What PyTorch's PackedSequence holds; ours is inside the engine.
  comparison.ignore('out.packed_input_data', 'out.packed_output_data', 'out.packed_batch_sizes');
}

/** backward, dropout: gradients of sum(output * g_y) + sum(h_n * g_h_n) + sum(c_n * g_c_n). */
export function gradients(engine, fixture, comparison) {
  const rnn = fixture.own(makeRnn(engine, fixture));
  const result = forward(rnn, fixture);
  compareOutputs(comparison, fixture, result);

  const cotangent = (name) => (fixture.has(name) ? fixture.input(name) : undefined);
  const given = { output: cotangent('in.g_y'), hN: cotangent('in.g_h_n'), cN: cotangent('in.g_c_n') };
  let loss = 0;
  for (const [name, tensor] of Object.entries(given)) {
    if (tensor === undefined) delete given[name];
    else loss += tensor.data.reduce((sum, value, i) => sum + value * result[name].data[i], 0);
  }
  const { loss: wanted, loss_abs_terms: terms } = fixture.manifest.scalars;
  comparison.scalar('scalars.loss', loss, wanted, terms);
  comparison.ignore('scalars.loss_abs_terms');

  const { x, h0, c0, parameters } = rnn.backward(given);
  const inputs = { 'grad.in.x': x, 'grad.in.h0': h0, 'grad.in.c0': c0 };
  for (const [name, tensor] of Object.entries(inputs)) {
    if (fixture.has(name)) comparison.tensor(name, tensor, fixture.file.get(name));
  }
  for (const { name, rest, tensor } of fixture.expected('grad.param.')) {
    comparison.tensor(name, parameters.get(rest), tensor);
  }
}
