/** A sentence with characters of each length that UTF-8 has. */
const sentence = 'the quick brown fox jumps over the lazy dog – “é”, 𝄞. ';
/** As many characters as the smallest text needs for its three parts. */
const short = new TextEncoder().encode(sentence.repeat(40));
/** As many as a novel has, for which memory has to grow. */
const long = new TextEncoder().encode(sentence.repeat(20_000));

const cells = ['lstm', 'gru', 'rnn_tanh', 'rnn_relu'];
const optimizers = ['adam', 'adamw', 'sgd', 'rmsprop', 'adagrad'];

/**
 * Calls what a page calls until its reader has seen some steps of training: plans and makes a network of each kind that
 * a link can ask for, evaluates, writes, trains, pauses, rewinds. All of it is in the main part of the module, see
 * `split.mjs`. Counting the baselines, saving, opening files and the views come later and are not.
 */
export function playFirstSession(module) {
  module.buildInfo();
  module.errorCodes();
  module.heapBytes();
  module.usedBytes();
  module.liveObjects();
  module.stackRestore(module.stackSave());
  for (const cell of cells) for (const kind of optimizers) playRun(module, runConfig(cell, kind), short);
  playRun(module, { ...runConfig('lstm', 'adam'), split: [0.9, 0.0005, 0.0995] }, long);
}

/** Without dropout and embedding for one optimizer, with both for the others; sizes no multiple of a kernel's tile. */
function runConfig(cell, kind) {
  const isPlain = kind === 'adam';
  return {
    cell,
    hiddenSize: 13,
    numLayers: isPlain ? 1 : 2,
    embeddingDim: isPlain ? 0 : 5,
    dropout: isPlain ? 0 : 0.1,
    forgetBias: 1,
    seed: 5,
    batchSize: isPlain ? 33 : 3,
    seqLen: 7,
    optimizer: { kind, learningRate: 0.01, momentum: kind === 'sgd' ? 0.9 : undefined },
    clipNorm: 1,
    split: [0.8, 0.1, 0.1],
  };
}

function playRun(module, config, text) {
  valueOf(module.describeText(text));
  valueOf(module.planModel({ ...config, vocabSize: 36 }));
  const trainer = valueOf(module.createLanguageTrainer(null, config, text));
  trainer.info();
  const model = trainer.model();
  model.parameterCount();
  model.vocabulary();
  model.config();
  model.fingerprint();
  for (const part of ['validation', 'train']) evaluate(trainer, part);
  write(model, { temperature: 0.8 });
  write(model, { greedy: true });
  for (let slice = 0; slice < 3; ++slice) valueOf(trainer.trainSlice(2, Infinity));
  trainer.steps();
  trainer.recentLoss();
  valueOf(trainer.rewind());
  model.delete();
  trainer.delete();
}

function evaluate(trainer, part) {
  valueOf(trainer.beginEvaluation(part));
  while (!valueOf(trainer.continueEvaluation(1)).done);
}

function write(model, how) {
  const prompt = new TextEncoder().encode('the ');
  const generator = valueOf(model.createGenerator({ prompt, seed: 1, ...how }));
  valueOf(generator.next(20));
  generator.delete();
}

function valueOf(result) {
  if (!result.ok) throw new Error(`the first session: ${result.message}`);
  return result.value;
}
