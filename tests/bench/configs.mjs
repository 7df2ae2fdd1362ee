/** Language models with 65 tokens whose full training steps are timed. */
export const configs = [
  { cell: 'lstm', hidden: 64, batch: 32, seq: 64 },
  { cell: 'lstm', hidden: 128, batch: 32, seq: 64 },
  { cell: 'lstm', hidden: 256, batch: 32, seq: 64 },
  { cell: 'lstm', hidden: 512, batch: 32, seq: 64 },
  { cell: 'lstm', hidden: 128, batch: 8, seq: 64 },
  { cell: 'lstm', hidden: 64, batch: 1, seq: 25 },
  { cell: 'gru', hidden: 128, batch: 32, seq: 64 },
  { cell: 'rnn', hidden: 128, batch: 32, seq: 64 },
  { cell: 'lstm', hidden: 128, batch: 50, seq: 50, layers: 2 },
];

export const vocabSize = 65;

/** For instance "lstm 2x128, B=50, T=50". */
export function nameOf({ cell, hidden, batch, seq, layers = 1 }) {
  return `${cell} ${layers}x${hidden}, B=${batch}, T=${seq}`;
}

/** A text of 65 characters that is as good as any for timing, made by a small linear congruential generator. */
export function benchText(length) {
  let state = 1;
  let text = '';
  for (let i = 0; i < length; ++i) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    // The first characters name all 65.
    text += String.fromCharCode(48 + (i < vocabSize ? i : Math.floor((state / 2 ** 32) * vocabSize)));
  }
  return text;
}
