import { expect, test } from 'vitest';
import * as sequences from '../../web/engine/sequences.js';
import { LabelledTexts, loadClassifier, loadRegressor } from '../../web/engine/sequences.js';
import { engine } from './engine.js';
import { expectRefusals } from './hostile-calls.js';
import type { HostileCall } from './hostile-calls.js';

const TEXTS = ['ab', 'b', 'aab', 'ba', 'a', 'abb', 'bb', 'aa', 'bab', 'aba'];
const LABELS = TEXTS.map((text) => Number(text.endsWith('b')));
const VALID = { texts: TEXTS, labels: LABELS, classes: ['a', 'b'] };
const DATA = new LabelledTexts(VALID);
const CONFIG = { hiddenSize: 2, batchSize: 2, split: [0.6, 0.2, 0.2] } as const;

const trainer = engine.createTrainer(CONFIG, DATA);
const model = trainer.model();
const regressor = engine.createRegressor({ inputSize: 1, hiddenSize: 2 });

const CALLS: Readonly<Record<string, HostileCall>> = {
  'new LabelledTexts(it)': [(it) => new LabelledTexts(it), VALID],
  'new LabelledTexts({ texts: it })': [(it) => new LabelledTexts({ ...VALID, texts: it }), TEXTS],
  'new LabelledTexts({ texts: [it] })': [(it) => new LabelledTexts({ ...VALID, texts: [it], labels: [0] }), 'a'],
  'new LabelledTexts({ labels: it })': [(it) => new LabelledTexts({ ...VALID, labels: it }), LABELS],
  'new LabelledTexts({ classes: it })': [(it) => new LabelledTexts({ ...VALID, classes: it }), ['a', 'b']],
  'createTrainer(it, texts)': [(it) => engine.createTrainer(it, DATA), CONFIG],
  'createTrainer({ hiddenSize: it }, texts)': [
    (it) => engine.createTrainer({ ...CONFIG, hiddenSize: it ?? '7' }, DATA),
    3,
  ],
  'createTrainer({ model: it }, texts)': [(it) => engine.createTrainer({ ...CONFIG, model: it ?? 7 }, DATA)],
  'TextClassifier.classify(it)': [(it) => model.classify(it), ['a']],
  'TextClassifier.classify([it])': [(it) => model.classify([it]), 'a'],
  'loadClassifier(it)': [(it) => loadClassifier(it, engine.saveModel(model))],
  'loadClassifier(engine, it)': [(it) => loadClassifier(engine, it), engine.saveModel(model)],
  'loadRegressor(it)': [(it) => loadRegressor(it, engine.saveModel(regressor))],
  'loadRegressor(engine, it)': [(it) => loadRegressor(engine, it), engine.saveModel(regressor)],
};

test.each(Object.entries(CALLS))('%s is refused with a sentence, or harmless', async (_, call) => {
  await expectRefusals(call);
});

test('every function of unroll/sequences is in the table', () => {
  const labels = Object.keys(CALLS).join();
  // Made by createTrainer().
  const names = Object.keys(sequences).filter((name) => name !== 'ClassifierTrainer');
  expect(names.length).toBeGreaterThan(3);
  expect(names.filter((name) => !labels.includes(name))).toEqual([]);
});
