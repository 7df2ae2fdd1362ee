/** What explanations say, below their titles. */
export const explanations = {
  noValueYet: 'There is no value yet; train a few steps.',
  vocabulary: {
    body:
      'Each different character gets a number; together they are the vocabulary. The network never sees words, only ' +
      'these numbers, one after the other.',
    split: (train: string, validation: string, test: string) =>
      `The first ${train} characters are for training, the next ${validation} for validation and the last ${test} ` +
      'for the test at the end.',
  },
  parameters: {
    body: 'All the numbers that training adjusts. Gates times units times everything a unit listens to, and two biases.',
    parts: {
      embedding: 'embedding',
      layer: 'first layer',
      upper: 'layers above',
      head: 'output',
    },
    total: 'together',
  },
  trainLoss: {
    body:
      'How surprised the network is by the next character, on average over the last 50 steps: minus the logarithm of ' +
      'the probability it gave to the right one. 0 would be certainty.',
  },
  validationLoss: {
    body:
      'The same surprise, on a part of the text that is never trained on. If it rises while the train loss falls, ' +
      'the network is learning by heart instead of learning to write.',
  },
  perplexity: (choices: string, bits: string) =>
    `As unsure as if it had to choose between ${choices} equally likely characters; that is ${bits} bits per character.`,
  speed: {
    body:
      'How many characters of the text are read and learned from each second, over the last two seconds of training. ' +
      'Before training it is a measurement of a tenth of a second, on a copy of the network that is thrown away.',
  },
  time: {
    body: 'An estimate: the characters still to be trained on, by the present speed, and the time for reading the validation text.',
  },
  temperature: {
    body:
      'Before a character is drawn, its scores z are divided by the temperature. A low one makes the likely still ' +
      'likelier, a high one evens everything out; close to 0 only the likeliest is left.',
  },
  fingerprint: {
    body:
      'A 64-bit checksum over all weights. Whoever opens the link of this page and trains gets the same one, in ' +
      'another browser or on the command line, because every random number comes from the seed.',
    fast:
      'A 64-bit checksum over all weights. Fast arithmetic rounds as the machine likes best, so another machine may ' +
      'arrive at another one.',
  },
  baselines: {
    uniform: {
      body: 'The loss of guessing every character of the vocabulary equally often. An untrained network starts here.',
    },
    unigram: {
      body:
        'The loss of somebody who has only counted how often each character occurs, and knows nothing of what came ' +
        'before. Below this line the network uses what it has read.',
    },
    bigram: {
      body:
        'The loss of somebody who has counted which character follows which. Below this line the network remembers ' +
        'more than one character.',
    },
  },
} as const;
