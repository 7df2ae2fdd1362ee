import { cellOf } from './recurrent.mjs';
import { readCorpus } from './text.mjs';

/** The recommended tolerance of the first 50 losses, before training has amplified much. */
const firstTolerance = 1e-5;

/** train: the first steps of real training from given parameters. The first 50 losses have a tolerance of their own. */
export function realTraining(engine, fixture, comparison) {
  const { manifest } = fixture;
  const text = readCorpus(fixture, manifest.corpus);
  if (text === undefined) return { unsupported: `its text, corpora/${manifest.corpus}.txt, was not found` };
  const { module, batch: batchSize, seq_len: seqLen, steps, scalars } = manifest;
  const trainer = fixture.own(
    engine.createTrainer(
      {
        cell: cellOf(module),
        hiddenSize: module.hidden_size,
        numLayers: module.num_layers,
        batchSize,
        seqLen,
        optimizer: { kind: manifest.optimizer.toLowerCase(), learningRate: manifest.optimizer_args.lr },
        clipNorm: manifest.clip?.value ?? 0,
      },
      text,
    ),
  );
  const model = fixture.own(trainer.model());
  model.loadStateDict(fixture.parameters());
  const { losses } = trainer.train(steps);
  comparison.elementwise(
    'the first 50 losses',
    losses.slice(0, 50),
    scalars.losses.slice(0, 50),
    Math.min(manifest.tol_first_50, firstTolerance),
  );
  comparison.elementwise('scalars.losses', losses, scalars.losses);
  comparison.ignore('scalars.grad_norms_before_clipping', 'out.h_n_after_last_step', 'out.c_n_after_last_step');
  return undefined;
}
