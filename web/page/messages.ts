import type { Cell, Optimizer, LanguageConfig } from '../links/run-config.js';
import type { Prepared } from '../worker/protocol.js';

/**
 * Every sentence of the page, in one place: to be read as a whole, and to be translated.
 * Functions take what varies; numbers come in already formatted.
 */
export const messages = {
  title: 'Watch a neural network learn to write',
  lede:
    'Here is a text, and a small recurrent neural network that has never read it. Press Train, and this page trains ' +
    'it: here, in your browser, from nothing. It only ever practises one thing, guessing the next character. ' +
    'Read what comes of it.',
  privacy: 'Your text and your model stay in this page. Nothing is sent anywhere.',
  apiPages: 'The engine as a library: every call, with its equations and shapes',
  noEngine: (reason: string) => `The training engine could not be loaded: ${reason}.`,
  noWasm:
    'This browser cannot run WebAssembly with SIMD, which the training engine is made of. ' +
    'Every browser of the last few years can: Chrome and Edge from 91, Firefox from 89, Safari from 16.4.',

  lenses: {
    heading: 'What happens inside',
    intro:
      'The network reads a short passage of the text that it is not trained on. Each lens shows what it does there.',
  },

  header: {
    home: 'Unroll',
    copyLink: 'Copy link',
    copied: 'Link copied',
    copyFailed: 'The browser did not allow copying; the link is in the address bar.',
    copyLinkHint:
      'The link opens the same text, network and seed in another browser, which then trains the same weights, bit for bit.',
    copyFastLinkHint:
      'The link opens the same text, network and seed in another browser. With fast arithmetic it trains nearly the same ' +
      'weights there, but not bit for bit.',
  },

  text: {
    heading: 'It reads this text',
    choose: 'Text',
    own: 'Your own',
    excerpt: 'The beginning of the text',
    size: (chars: string, distinct: string) => `${chars} characters, ${distinct} different ones`,
    loading: 'Loading the text…',
    dropHere: 'Drop the text file here',
    edit: 'Change the text',
    tooShortFor: (batch: string, seq: string, needed: string) =>
      `This text is too short: a step reads ${batch} × ${seq} characters, and for that it needs about ${needed}. ` +
      'Take a longer text, or lower the batch size or the sequence length.',
  },

  network: {
    heading: 'with this small network',
    cell: 'Cell',
    cells: { rnn: 'RNN', gru: 'GRU', lstm: 'LSTM', 'rnn-relu': 'RNN, ReLU' } satisfies Record<Cell, string>,
    cellAbout: {
      rnn: 'The plain recurrent cell: one state, overwritten at every character.',
      'rnn-relu': 'The plain recurrent cell with ReLU in place of tanh.',
      gru: 'Two gates decide how much of its state it renews at every character.',
      lstm: 'Three gates guard a second state that can be kept over many characters.',
    } satisfies Record<Cell, string>,
    parameters: 'parameters',
    memory: 'of memory',
    diagram: (cell: string, layers: number, hidden: string, vocab: string) =>
      `Diagram of the network, unrolled in time. Each character of the text enters as ${vocab} numbers, passes ` +
      `${layers === 1 ? 'one' : String(layers)} ${cell} ${layers === 1 ? 'layer' : 'layers'} of ${hidden} units, which also hand their ` +
      'state on to the next character, and leaves as a probability for each possible next character.',
    reads: 'reads',
    guesses: 'guesses',
    state: 'state',
    oneHot: (vocab: string) => `one of ${vocab}`,
    units: (hidden: string) => `${hidden} units`,
    layers: (count: number) => (count === 1 ? '1 layer' : `${count} layers`),
    odds: (vocab: string) => `${vocab} probabilities`,
  },

  sample: {
    heading: 'and writes this',
    untrained: 'before training: pure chance',
    atStep: (step: string) => `after ${step} ${step === '1' ? 'step' : 'steps'}`,
    recipe: (prompt: string, temperature: string, seed: string) =>
      `${prompt === '' ? 'Without a prompt' : `Prompt “${prompt}”`}, temperature ${temperature}, seed ${seed}`,
    recipeGreedy: (prompt: string) =>
      `${prompt === '' ? 'Without a prompt' : `Prompt “${prompt}”`}, always the likeliest character`,
    sameDice: 'Always the same prompt and the same dice, so only the network changes.',
    waiting: 'Preparing the network…',
  },

  transport: {
    label: 'Training',
    train: 'Train',
    continue: 'Continue',
    pause: 'Pause',
    step: 'One step',
    rewind: 'Rewind',
    tryAgain: 'Try again',
    newSeed: 'New seed',
    stepHint: 'Train on one batch, then stop',
    rewindHint: 'Back to the same untrained weights',
    newSeedHint: 'Start from other random weights',
    whyPreparing: 'One moment: the network is being prepared.',
    whyFinished: 'This run is complete. Rewind it, change something, or let it write below.',
    whyFailed: 'There is nothing to train yet; see the sentence in red.',
    whyRuined: 'These weights cannot be trained on. Rewind, and lower the learning rate.',
    blowUp: (step: string, loss: string, blind: string) =>
      `At step ${step} the loss was ${loss}, far above the ${blind} of guessing blindly: training has become unstable. ` +
      'Rewind, and lower the learning rate, or clip the gradients at a smaller norm.',
    whyNothingToRewind: 'Nothing has been trained yet, so there is nothing to rewind.',
    whyTraining: 'Pause first: single steps are for looking closely.',
    ready: (time: string) => `Trains in ${time} on this machine, measured just now with this network.`,
    measuring: 'Measuring how fast this machine is…',
    unmeasured: 'Several workers tell how fast they are once they train.',
    step0Evaluation: 'Reading the validation text with the untrained network…',
    evaluating: 'Reading the validation text, which it never trains on…',
    trainingNow: (epoch: string) => `Training, pass ${epoch} through the text.`,
    paused: 'Paused. Go on whenever you like: a pause changes nothing.',
    finished: (loss: string, bits: string) =>
      `Done. On the test text, never seen before: ${loss} nats, that is ${bits} bits per character.`,
    finishedUntested: 'Done. The split of the text leaves nothing to test on.',
    builds: {
      strict: 'Computed strictly: the same bits everywhere.',
      scalar: 'Computed strictly: the same bits everywhere.',
      fast: 'Computed fast: elsewhere the last bits may differ.',
    } satisfies Record<Prepared['build'], string>,
    fingerprint: 'Fingerprint of the weights',
    progress: 'Steps trained',
  },

  readout: {
    step: 'step',
    of: (total: string) => `of ${total}`,
    trainLoss: 'train loss',
    valLoss: 'validation loss',
    speed: 'characters/s',
    timeLeft: 'time left',
    timeNeeded: 'time needed',
    about: (time: string) => `≈ ${time}`,
    none: '–',
  },

  claim: {
    same: 'The same as the link promised.',
    different: 'Not what the link promised: its sender arrived at other weights.',
    otherGeneration: 'The link promised a fingerprint of another version of the engine, so the two cannot be compared.',
    fastBuild: 'The link promised a fingerprint of strict arithmetic, so the two cannot be compared.',
  },

  pending: {
    label: 'Settings changed',
    say: (changes: string) => `You changed ${changes}. That makes another network; the one in training keeps its own.`,
    startOver: 'Start over with the change',
    undo: 'Put it back',
  },

  chart: {
    heading: 'How well it guesses',
    label: 'Loss by training step. Left and right arrow keys move along the steps.',
    axisY: 'loss, nats per character',
    axisX: 'training step',
    train: 'train',
    validation: 'validation',
    uniform: 'blind guess',
    unigram: 'knows letter frequencies',
    bigram: 'knows letter pairs',
    earlier: (name: string) => `before: ${name}`,
    runName: (cell: string, hidden: string) => `${cell} ${hidden}`,
    at: (step: string, train: string | null, validation: string | null) =>
      [`step ${step}`, train && `train ${train}`, validation && `validation ${validation}`].filter(Boolean).join(', '),
    empty: 'The loss will be drawn here as it falls.',
    table: 'The losses as a table',
    tableStep: 'Step',
    tableTrain: 'Train loss (nats per character)',
    tableVal: 'Validation loss (nats per character)',
  },

  settings: {
    heading: 'How it trains',
    more: 'More settings',
    /** As they are named in the middle of a sentence. */
    names: {
      task: 'the task',
      text: 'the text',
      cell: 'the cell',
      hiddenSize: 'the hidden size',
      numLayers: 'the layers',
      embeddingDim: 'the embedding',
      dropout: 'the dropout',
      forgetBias: 'the forget bias',
      batchSize: 'the batch size',
      seqLen: 'the sequence length',
      steps: 'the number of steps',
      learningRate: 'the learning rate',
      optimizer: 'the optimizer',
      clipNorm: 'the clipping',
      seed: 'the seed',
      split: 'the split',
      workers: 'the number of workers',
      evalEvery: 'how often it validates',
      sampleEvery: 'how often it samples',
      prompt: 'the beginning',
      temperature: 'the temperature',
      sampleSeed: 'the sampling seed',
      sampleLength: 'the length',
      greedy: 'how characters are chosen',
      fast: 'the arithmetic',
    } satisfies Record<keyof LanguageConfig, string>,
    optimizer: 'Optimizer',
    optimizers: { adam: 'Adam', sgd: 'SGD' } satisfies Record<Optimizer, string>,
    split: 'Split of the text',
    refused: (typed: string, expected: string, kept: string) =>
      typed === ''
        ? `Expected ${expected}. Still using ${kept}.`
        : `“${typed}” does not work here: expected ${expected}. Still using ${kept}.`,
    off: 'off',
    optimizerAbout:
      'Adam keeps a step size for each weight; SGD follows the plain gradient and wants a larger learning rate.',
    relu: 'ReLU in place of tanh',
    reluAbout: 'The plain cell with max(0, x): it can count further, and blow up sooner.',
    reluNeedsRnn: 'Only the plain RNN has this choice; its gates tell GRU and LSTM what to do.',
    greedy: 'Samples without dice',
    greedyAbout: 'The samples along the way always take the likeliest character.',
    fast: 'Fast arithmetic',
    fastAbout:
      'Up to 1.4 times as quick, as the processor allows. In exchange nobody is promised the same weights, bit for bit.',
    fastInUse: 'In use: in a test just now it agreed with strict arithmetic.',
    fastFallback: {
      NO_RELAXED_SIMD: 'This browser has no instructions for it, so the arithmetic is strict.',
      NOT_LOADED: 'Its part of the engine could not be loaded, so the arithmetic is strict.',
      SELF_TEST_FAILED: 'In a test just now this browser computed something else by it, so the arithmetic is strict.',
    } satisfies Record<NonNullable<Prepared['fallback']>, string>,
    workersQuestion: 'How many pay here?',
    workersMeasure: 'Measure',
    workersMeasureName: 'Measure how many workers pay here',
    workersMeasuring: 'Measuring…',
    workersMeasureAbout: 'Tries this network with one thread, then with two and more, and takes the quickest.',
    workersAdvice: (workers: string, why: string) =>
      `${workers === '1' ? 'One is best' : `${workers} are best`}: ${why}.`,
    workersBusy: 'Pause first: a measurement beside training would mislead.',
    dropoutNeedsLayers: 'Dropout acts between layers; with one layer it has no effect.',
    forgetNeedsLstm: 'Only an LSTM has a forget gate.',
  },

  history: {
    heading: 'Its writing, step by step',
    intro: 'The same prompt and the same dice each time. What changes is only what the network has learned.',
    empty: 'A new sample appears here every few hundred steps.',
    list: 'Samples by training step, newest first',
    step: (step: string) => `step ${step}`,
    loss: (loss: string) => `validation ${loss}`,
    untrained: 'untrained',
  },

  writing: {
    heading: 'Let it write',
    intro: 'Give it a beginning, and it goes on, one character at a time.',
    prompt: 'Beginning',
    promptAbout: 'Left empty, it begins as after a line break.',
    usePrompt: (example: string) => `Try “${example}”`,
    temperatureFormula: 'what is it?',
    write: 'Write',
    stop: 'Writing…',
    likeliest: 'Always the likeliest character',
    likeliestAbout: 'Arg-max: no chance at all. It is sure of itself, and soon repeats itself.',
    sampled: (temperature: string) => `Rolling dice at temperature ${temperature}`,
    sampledAbout: 'Each character is drawn by its probability.',
    empty: 'Press Write.',
    by: (step: string) => `by the network after ${step} ${step === '1' ? 'step' : 'steps'}`,
    byFile: (name: string) => `by ${name}`,
    source: 'Which network writes',
    sourceRun: 'the one trained here',
    sourceFile: (name: string) => `the one in ${name}`,
    safe: 'safe',
    daring: 'daring',
    whyPreparing: 'One moment: the network is being prepared.',
  },

  model: {
    heading: 'Keep it',
    save: 'Save the model',
    saveAbout: 'Its weights as a safetensors file, with the names PyTorch uses.',
    open: 'Open a model…',
    openAbout: 'A model file from here lets that network write.',
    opened: (name: string, about: string) => `${name}: ${about}.`,
    summary: (cell: string, layers: string, hidden: string, parameters: string) =>
      `${cell}, ${layers} of ${hidden} units, ${parameters} parameters`,
    close: 'Close it',
  },

  link: {
    damaged: (reason: string) => `The link could not be opened. ${reason} The page shows its usual start instead.`,
    damagedKept: (reason: string) => `The link could not be opened. ${reason} The page keeps what it had.`,
    otherTask: 'It trains a network that is not shown here yet; `unroll run` trains it.',
    questionTitle: 'Open the link?',
    question: (steps: string) =>
      `The network here has been trained for ${steps} steps. Opening the link starts another one; these weights would be gone.`,
    open: 'Open the link',
    stay: 'Stay here',
    dismiss: 'Dismiss',
  },

  mended: 'Something broke down and was replaced. Nothing is lost: it goes on where it was.',
  death:
    'The training worker stopped three times without coming any further. What is trained so far is kept. ' +
    'A smaller network may fit; or try once more.',
  unexpected: (detail: string) => `Something went wrong in the page itself: ${detail}`,

  status: {
    ready: (parameters: string) => `The network is ready: ${parameters} parameters, untrained.`,
    started: 'Training has started.',
    paused: (step: string) => `Paused at step ${step}.`,
    stepped: (step: string, loss: string) => `Step ${step}: loss ${loss}.`,
    evaluated: (step: string, loss: string) => `Step ${step}: validation loss ${loss}.`,
    finished: (loss: string) => `Training is complete. Test loss ${loss}.`,
    rewound: 'Back at the untrained network.',
    seeded: (seed: string) => `A new network with seed ${seed}.`,
    written: 'The network has written two texts.',
    saved: (name: string) => `Saved as ${name}.`,
    opened: (name: string) => `${name} is open.`,
  },

  /** The titles; what stands below them is in explanations/messages.ts. */
  explanations: {
    vocabulary: 'Characters and vocabulary',
    parameters: 'Parameters',
    trainLoss: 'Train loss',
    validationLoss: 'Validation loss',
    speed: 'Characters a second',
    time: 'Time',
    temperature: 'Temperature',
    fingerprint: 'Fingerprint',
    uniform: 'Blind guess',
    unigram: 'Knows letter frequencies',
    bigram: 'Knows letter pairs',
  },

  explain: {
    more: (term: string) => `What is ${term}?`,
    missing: 'This could not be loaded; open it once more.',
  },
} as const;
