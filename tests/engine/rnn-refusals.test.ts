import { describe, expect, test } from 'vitest';
import { tensor } from '../../web/engine/index.js';
import type { Rnn, RnnConfig, Tensor } from '../../web/engine/index.js';
import { engine, numbers, refused } from './engine.js';

const sequence = (...shape: number[]): Tensor => tensor(shape, numbers(shape.reduce((product, n) => product * n, 1)));

describe('a network cannot be made', () => {
  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'INVALID_ARGUMENT: RnnConfig: the options are missing'],
    ['no inputs', { hiddenSize: 3 }, 'INVALID_ARGUMENT: RnnConfig: inputSize is missing, expected a number'],
    ['an unknown cell', { cell: 'LSTM', inputSize: 3, hiddenSize: 3 }, 'INVALID_ARGUMENT: RnnConfig: cell is "LSTM"'],
    [
      'an unknown option',
      { inputSize: 3, hidden_size: 3 },
      'INVALID_ARGUMENT: RnnConfig: there is no option "hidden_size"',
    ],
    ['a number in words', { inputSize: '3', hiddenSize: 3 }, 'INVALID_ARGUMENT: RnnConfig: inputSize is "3"'],
    ['no number', { inputSize: NaN, hiddenSize: 3 }, 'INVALID_ARGUMENT: RnnConfig: inputSize is NaN'],
    ['half a unit', { inputSize: 3, hiddenSize: 3.5 }, 'INVALID_ARGUMENT: RnnConfig: hiddenSize is 3.5'],
    ['units below zero', { inputSize: 3, hiddenSize: -3 }, 'INVALID_CONFIG: RnnConfig: hidden_size is -3'],
    ['a million units', { inputSize: 3, hiddenSize: 1e6 }, 'INVALID_CONFIG: RnnConfig: hidden_size is '],
    ['a billion billion units', { inputSize: 3, hiddenSize: 1e18 }, 'INVALID_ARGUMENT: RnnConfig: hiddenSize is 1'],
    ['too many layers', { inputSize: 3, hiddenSize: 3, numLayers: 9 }, 'INVALID_CONFIG: RnnConfig: num_layers is 9'],
    [
      'more weights than allowed',
      { inputSize: 4096, hiddenSize: 1024, numLayers: 8, bidirectional: true },
      'TOO_BIG: RnnConfig: ',
    ],
    ['full dropout', { inputSize: 3, hiddenSize: 3, dropout: 1 }, 'INVALID_CONFIG: RnnConfig: dropout is 1'],
    [
      'a direction in words',
      { inputSize: 3, hiddenSize: 3, bidirectional: 'yes' },
      'INVALID_ARGUMENT: RnnConfig: bidirectional is "yes"',
    ],
  ])('from %s', (_, config, says) => {
    const before = engine.liveObjects();
    expect(refused(() => engine.createRnn(config as RnnConfig))).toContain(says);
    expect(engine.liveObjects()).toBe(before);
  });
});

describe('inputs that are refused', () => {
  const gru = (): Rnn => engine.createRnn({ cell: 'gru', inputSize: 3, hiddenSize: 4 });
  const x = sequence(5, 2, 3);

  test.each<[string, (rnn: Rnn) => unknown, string]>([
    [
      'nothing',
      (rnn) => rnn.forward(undefined as never),
      'INVALID_ARGUMENT: Rnn.forward: x is missing, expected a tensor',
    ],
    [
      'plain numbers',
      (rnn) => rnn.forward([[[1, 2, 3]]] as never),
      'INVALID_ARGUMENT: Rnn.forward: x: data is missing',
    ],
    [
      'doubles',
      (rnn) => rnn.forward({ shape: [1, 1, 3], data: new Float64Array(3) } as never),
      'INVALID_ARGUMENT: Rnn.forward: x: data is a Float64Array',
    ],
    [
      'too few features',
      (rnn) => rnn.forward(sequence(5, 2, 2)),
      'SHAPE_MISMATCH: Rnn.forward: x has shape (5, 2, 2), expected (T, B, 3)',
    ],
    [
      'too many axes',
      (rnn) => rnn.forward(sequence(1, 5, 2, 3)),
      'SHAPE_MISMATCH: Rnn.forward: x has shape (1, 5, 2, 3), expected (T, B, 3)',
    ],
    [
      'a single axis',
      (rnn) => rnn.forward(sequence(3)),
      'SHAPE_MISMATCH: Rnn.forward: x has shape (3,), expected (T, B, 3)',
    ],
    [
      'a shape that is not true',
      (rnn) => rnn.forward({ shape: [5, 2, 3], data: numbers(29) }),
      'SHAPE_MISMATCH: Rnn.forward: x has 29 numbers, expected 30',
    ],
    [
      'no steps',
      (rnn) => rnn.forward({ shape: [0, 2, 3], data: numbers(0) }),
      'INVALID_ARGUMENT: Rnn.forward: x: a size in shape is 0',
    ],
    ['too many steps', (rnn) => rnn.forward(tensor([4097, 1, 3])), 'INVALID_ARGUMENT: Rnn.forward: seqLen is 4097'],
    [
      'too large a batch',
      (rnn) => rnn.forward(tensor([1, 1025, 3])),
      'INVALID_ARGUMENT: Rnn.forward: batchSize is 1025',
    ],
    [
      'a state for another batch',
      (rnn) => rnn.forward(x, { state: { h: sequence(1, 3, 4) } }),
      'SHAPE_MISMATCH: Rnn.forward: state.h has shape (1, 3, 4), expected (1, 2, 4)',
    ],
    [
      'a cell state',
      (rnn) => rnn.forward(x, { state: { h: sequence(1, 2, 4), c: sequence(1, 2, 4) } }),
      'INVALID_ARGUMENT: Rnn.forward: state.c is given, but only an lstm has a cell state and this is a gru',
    ],
    [
      'too few lengths',
      (rnn) => rnn.forward(x, { lengths: [5] }),
      'INVALID_ARGUMENT: Rnn.forward: lengths is an array of 1, expected an array with one length for each of the 2',
    ],
    [
      'a length of 0',
      (rnn) => rnn.forward(x, { lengths: [5, 0] }),
      'INVALID_ARGUMENT: Rnn.forward: a length is 0, expected a whole number from 1 to 5',
    ],
    [
      'a length beyond the end',
      (rnn) => rnn.forward(x, { lengths: [5, 6] }),
      'INVALID_ARGUMENT: Rnn.forward: a length is 6',
    ],
    ['half a length', (rnn) => rnn.forward(x, { lengths: [5, 2.5] }), 'INVALID_ARGUMENT: Rnn.forward: a length is 2.5'],
    [
      'an unknown option',
      (rnn) => rnn.forward(x, { h0: sequence(1, 2, 4) } as never),
      'INVALID_ARGUMENT: Rnn.forward: there is no option "h0"',
    ],
    [
      'a step of a bidirectional network',
      () => engine.createRnn({ inputSize: 3, hiddenSize: 4, bidirectional: true }).forwardStep(sequence(2, 3)),
      'INVALID_ARGUMENT: Rnn.forwardStep: a bidirectional network',
    ],
    [
      'a step with time',
      (rnn) => rnn.forwardStep(x),
      'SHAPE_MISMATCH: Rnn.forwardStep: x has shape (5, 2, 3), expected (B, 3)',
    ],
  ])('%s', (_, call, says) => {
    using rnn = gru();
    expect(refused(() => call(rnn))).toContain(says);
    expect(rnn.forward(x).output.shape).toEqual([5, 2, 4]);
  });

  test('more than memory holds, which is known without trying', () => {
    using rnn = engine.createRnn({ cell: 'rnn', inputSize: 1, hiddenSize: 1024, bidirectional: true });
    const before = engine.heapBytes();
    const message = refused(() => rnn.forward(tensor([4096, 1024, 1])));
    expect(message).toMatch(/^TOO_BIG: Rnn: this would need \d+ MB of memory, at most 1536 MB are allowed/);
    expect(engine.heapBytes() - before).toBeLessThan(150e6);
    expect(rnn.forward(tensor([3, 2, 1])).output.shape).toEqual([3, 2, 2048]);
  });
});
