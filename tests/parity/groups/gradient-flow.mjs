import { makeRnn } from './recurrent.mjs';

/** gradflow: norms of the gradient of <w, h_T> by every earlier state. */
export function flow(engine, fixture, comparison) {
  const rnn = fixture.own(makeRnn(engine, fixture));
  const { loss, hT, layers, h0 } = rnn.gradientFlow(fixture.input('in.x'), fixture.input('in.w'));
  const { h, c } = layers.at(-1);
  comparison.elementwise('out.dh_norm', h, fixture.file.get('out.dh_norm').data);
  if (fixture.has('out.dc_norm')) comparison.elementwise('out.dc_norm', c, fixture.file.get('out.dc_norm').data);
  for (const [name, { data }] of Object.entries({ 'out.h_T': hT, 'out.dh_0': h0 })) {
    // The fixtures keep the axis of the batch, which is 1, and have none for the layers, of which there is one.
    comparison.tensor(name, { shape: [1, data.length], data }, fixture.file.get(name));
  }
  comparison.scalar('scalars.loss', loss, fixture.manifest.scalars.loss);
}
