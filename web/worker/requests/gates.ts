import type { LayerProbe, Probe } from '../../engine/index.js';
import type { Session } from '../session.js';

/** What is asked for: a text, and which part of which layer. */
export interface GatesArgs {
  readonly text: string;
  readonly layer: number;
  /** A letter; the hidden state where the cell has no such gate. */
  readonly gate: string;
}

export interface Gates {
  /** The step of the weights. */
  readonly step: number;
  /** What there is in this cell: its gates, and its states. */
  readonly names: readonly string[];
  /** Which of them it is. */
  readonly gate: string;
  /** (T, H): after each character, of each unit. */
  readonly values: Float32Array;
  readonly units: number;
}

/** One gate, or state, of all units of a layer while the network as it is now reads a text. */
export async function gates(session: Session, { text, layer, gate }: GatesArgs): Promise<Gates> {
  // What probes is in the engine's deferred part.
  await session.complete();
  return session.look((model) => {
    const probe = model.probe(text);
    const of = probe.layers[layer]!;
    const names = [...probe.gateNames, 'h', ...(of.c === null ? [] : ['c'])];
    const shown = names.includes(gate) ? gate : 'h';
    return { step: session.run.step, names, gate: shown, values: valuesOf(probe, of, shown), units: of.h.shape[1]! };
  });
}

function valuesOf({ gateNames }: Probe, { gates, h, c }: LayerProbe, name: string): Float32Array {
  if (name === 'h') return h.data;
  if (name === 'c') return c!.data;
  const [seqLen, count, units] = gates!.shape as [number, number, number];
  const values = new Float32Array(seqLen * units);
  for (let t = 0; t < seqLen; ++t) {
    const from = (t * count + gateNames.indexOf(name)) * units;
    values.set(gates!.data.subarray(from, from + units), t * units);
  }
  return values;
}
