import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { engine } from './engine.js';

test('tells names, shapes and counts, as data and as a table', () => {
  using model = engine.createLanguageModel({ vocabulary: 'abcde', cell: 'gru', hiddenSize: 20, embeddingDim: 3 });
  const summary = model.summary();
  expect(summary.kind).toBe('LanguageModel');
  expect(summary.parameterCount).toBe(model.parameterCount);
  expect(summary.parameters.map(({ name, shape }) => [name, shape])).toEqual(
    [...model.stateDict()].map(([name, { shape }]) => [name, shape]),
  );
  expect(String(summary)).toBe(
    [
      'LanguageModel',
      '  embedding.weight  (5, 3)       15',
      '  rnn.weight_ih_l0  (60, 3)     180',
      '  rnn.weight_hh_l0  (60, 20)  1,200',
      '  rnn.bias_ih_l0    (60,)        60',
      '  rnn.bias_hh_l0    (60,)        60',
      '  head.weight       (5, 20)     100',
      '  head.bias         (5,)          5',
      '  total                       1,620',
    ].join('\n'),
  );
  expect(inspect(summary)).toBe(String(summary));
});

test('every network has one, with the numbers of its parameters', () => {
  using rnn = engine.createRnn({ inputSize: 3, hiddenSize: 5, numLayers: 2, bidirectional: true });
  using classifier = engine.createClassifier({ vocabSize: 4, hiddenSize: 5, classes: 2 });
  using regressor = engine.createRegressor({ inputSize: 3, hiddenSize: 5 });
  const summaries = [rnn, classifier, regressor].map((network) => {
    const { kind, parameters, parameterCount } = network.summary();
    expect(parameterCount).toBe(network.parameterCount);
    expect(parameters.reduce((sum, { count }) => sum + count, 0)).toBe(parameterCount);
    return kind;
  });
  expect(summaries).toEqual(['Rnn', 'Classifier', 'Regressor']);
});
