import { makeRnn } from './recurrent.mjs';

/** gradflow: norms of the gradient of <w, h_T> by every earlier state of the top layer. */
export function flow(engine, fixture, comparison) {
  const rnn = fixture.own(makeRnn(engine, fixture));
  const { loss, hT, layers, h0 } = rnn.gradientFlow(fixture.input('in.x'), fixture.input('in.w'));
  const { h, c } = layers.at(-1);
  const norms = (name, got) =>
    comparison.elementwise(name, got, Array.from(fixture.numbers(name, [fixture.manifest.seq_len + 1])));
  norms('out.dh_norm', h);
  if (c) norms('out.dc_norm', c);
  // The fixtures step through a cell, whose states have the axis of the batch and none for layers.
  const row = ({ data }) => ({ shape: [1, data.length], data });
  comparison.tensor('out.h_T', row(hT));
  comparison.tensor('out.dh_0', row(h0));
  comparison.scalar('scalars.loss', loss, fixture.manifest.scalars.loss);
}
