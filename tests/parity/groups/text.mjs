import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { cellOf } from './recurrent.mjs';
import { charactersFor, compareState, makeModel } from './language-model.mjs';

/** A text of benchmark size: in a folder `corpora` beside that of the fixtures, or where the project is told of it. */
export function readCorpus(fixture, name) {
  const folders = [join(fixture.folder, '../corpora'), '../shared/corpora'];
  const path = folders.map((folder) => join(folder, `${name}.txt`)).find((path) => existsSync(path));
  return path && readFileSync(path, 'utf8');
}

function compareEvaluation(comparison, fixture, { logProbs, lossNats, bitsPerChar, perplexity, positions }) {
  const { scalars } = fixture.manifest;
  comparison.tensor('out.logprob', { shape: [logProbs.length], data: logProbs });
  comparison.scalar('scalars.total_logprob', -lossNats * positions, scalars.total_logprob);
  comparison.scalar('scalars.mean_nll_nats', lossNats, scalars.mean_nll_nats);
  comparison.scalar('scalars.perplexity', perplexity, scalars.perplexity);
  comparison.scalar('scalars.bits_per_char', bitsPerChar, scalars.bits_per_char);
}

/** The state after reading all tokens but the last, whose successor nobody knows. */
function compareLastState(comparison, model, ids) {
  const seqLen = ids.length - 1;
  const batch = { ids: ids.slice(0, seqLen), targets: ids.slice(1), seqLen, batchSize: 1 };
  compareState(comparison, 'out.', model.lossAndGradients(batch).state);
}

/** text: the log-probability of each character of a fixed text. */
export function likelihood(engine, fixture, comparison) {
  if (fixture.manifest.extra_files) return trained(engine, fixture, comparison);
  const model = makeModel(engine, fixture);
  const characters = charactersFor(fixture.manifest.vocab);
  const ids = fixture.numbers('in.ids', [fixture.manifest.seq_len]);
  compareEvaluation(comparison, fixture, model.evaluateText(Array.from(ids, (id) => characters[id]).join('')));
  compareLastState(comparison, model, ids);
  return undefined;
}

/** A model that PyTorch trained, loaded from its state_dict: its text, a whole validation split, greedy continuations. */
function trained(engine, fixture, comparison) {
  const { manifest } = fixture;
  const bytes = new Uint8Array(readFileSync(join(fixture.folder, manifest.extra_files[0])));
  const { module } = manifest;
  const config = { cell: cellOf(module), hiddenSize: module.hidden_size, numLayers: module.num_layers };
  const model = fixture.own(engine.loadModel(bytes, { vocabulary: manifest.vocab_chars, config }));
  compareEvaluation(comparison, fixture, model.evaluateText(manifest.text));
  compareLastState(comparison, model, fixture.numbers('in.ids', [manifest.seq_len]));
  for (const { prompt, continuation } of manifest.greedy) {
    const got = model.generate({ prompt, length: continuation.length, greedy: true });
    comparison.exact(`greedy ${JSON.stringify(prompt)}`, got, continuation);
  }
  const text = readCorpus(fixture, 'tinyshakespeare');
  if (text === undefined) return { unsupported: 'its validation text, corpora/tinyshakespeare.txt, was not found' };
  const validation = text.slice(Math.trunc(0.9 * text.length), Math.trunc(0.95 * text.length));
  comparison.scalar('validation', model.evaluateText(validation).lossNats, manifest.validation_nats_per_char);
  return undefined;
}
