import { describe, expect, test } from 'vitest';
import * as library from '../../web/engine/index.js';
import { createEngine, ERROR_CODES, UnrollError } from '../../web/engine/index.js';
import { engine, SENTENCES, SMALL } from './engine.js';
import { CALLS, makeSubjects, VALID } from './hostile-library.js';
import { disguised, strangers } from './odd-values.js';

/** Whose methods they are, and what the table calls it. */
const SUBJECTS: readonly (readonly [{ readonly prototype: object }, string])[] = [
  [library.Engine, ''],
  [library.Rnn, 'rnn.'],
  [library.LanguageModel, 'model.'],
  [library.TextGenerator, 'generator.'],
  [library.LanguageModelTrainer, 'trainer.'],
  [library.Classifier, 'classifier.'],
  [library.Regressor, 'regressor.'],
  [library.Schedule, 'schedule.'],
];

/** Methods that take nothing, and those of two kinds of network that are the third's. */
const NOTHING_TO_TAKE = [
  ...['complete', 'buildInfo', 'liveObjects', 'heapBytes', 'usedBytes', 'insteadOfFast'],
  ...['stateDict', 'optimizerState', 'delete', 'baselines', 'model', 'parameterStatistics', 'rewind', 'reset'],
  ...['fingerprint', 'hasRelaxedSimd', 'summary'],
];
const OF_ALL_NETWORKS = ['loadStateDict', 'configureOptimizer', 'applyGradients'];
/** Made by others, or tested below. */
const CLASSES = [
  'Engine',
  'Rnn',
  'LanguageModel',
  'TextGenerator',
  'Trainer',
  'LanguageModelTrainer',
  'Classifier',
  'Regressor',
  'SequenceModel',
];
const ELSEWHERE = [...CLASSES, 'Schedule', 'UnrollError', 'DivergedError', 'PreparedText', 'createEngine'];

function methodsOf(prototype: object): string[] {
  const names: string[] = [];
  for (let part = prototype; part !== Object.prototype; part = Object.getPrototypeOf(part) as object) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(part))) {
      if (typeof value === 'function' && name !== 'constructor') names.push(name);
    }
  }
  // Those that TypeScript calls protected, or leaves out of its declarations, are for the library itself.
  return names.filter(
    (name) => !['call', 'ask', 'answers', 'answerShape', 'outputsOf', 'handleIn', 'fileEntries'].includes(name),
  );
}

test('every function and method of the library is in the table', () => {
  const labels = Object.keys(CALLS);
  const isThere = (name: string): boolean =>
    NOTHING_TO_TAKE.includes(name.split('.').at(-1)!) || labels.some((label) => label.startsWith(`${name}(`));
  const methods = SUBJECTS.flatMap(([{ prototype }, name]) => methodsOf(prototype).map((method) => name + method));
  const isOfNetwork = (name: string): boolean =>
    /^(classifier|regressor)\./.test(name) && OF_ALL_NETWORKS.includes(name.split('.')[1]!);
  expect(methods.length).toBeGreaterThan(60);
  expect(methods.filter((name) => !isThere(name) && !isOfNetwork(name))).toEqual([]);
  const functions = Object.entries(library).filter(
    ([name, value]) => typeof value === 'function' && !ELSEWHERE.includes(name),
  );
  expect(functions.map(([name]) => name).filter((name) => !isThere(name))).toEqual([]);
  for (const label of Object.keys(VALID)) expect(labels).toContain(label);
});

function expectRefusal(error: unknown): void {
  expect(error).toBeInstanceOf(UnrollError);
  const { code, message } = error as UnrollError;
  expect(ERROR_CODES).toContain(code);
  expect(['INTERNAL', 'ENGINE_STOPPED', 'OUT_OF_MEMORY'], message).not.toContain(code);
  // By the one who knows the argument, not by the gate to the module.
  expect(message).not.toContain('the engine cannot read');
  expect(message).toMatch(/^[A-Za-z][\w. :]*/);
  expect(message.length).toBeLessThan(400);
}

describe('hostile arguments are refused with a sentence, or harmless', () => {
  test.each(Object.entries(CALLS))('%s', async (label, call) => {
    const subjects = makeSubjects(engine);
    const before = engine.liveObjects();
    const isRefused = (hostile: unknown): boolean => {
      try {
        const made = call(subjects, hostile as never);
        if (typeof made === 'object' && made !== null && Symbol.dispose in made) (made as Disposable)[Symbol.dispose]();
        return false;
      } catch (error) {
        expectRefusal(error);
        return true;
      }
    };
    const strange = strangers();
    expect(strange.filter(isRefused).length).toBeGreaterThan(strange.length / 2);
    for (const odd of disguised(VALID[label])) isRefused(odd);
    expect(engine.liveObjects()).toBe(before);
    const { engine: _, ...owners } = subjects;
    for (const owner of Object.values(owners)) owner.delete();

    // The engine is none the worse for it.
    using trainer = engine.createTrainer(SMALL, SENTENCES);
    trainer.train(2);
    using model = trainer.model();
    expect(model.fingerprint()).toBe(await expected);
  });

  test('and so are those of createEngine()', async () => {
    for (const hostile of [...strangers(), ...disguised({ build: 'strict', deferred: 'now' }), { biuld: 'fast' }]) {
      const made = await createEngine(hostile as never).catch((error: unknown) => (expectRefusal(error), null));
      expect(made === null || made.buildInfo().build === 'strict').toBe(true);
    }
    const unknown = await createEngine({ biuld: 'fast' } as never).catch((error: unknown) => error);
    expect((unknown as UnrollError).message).toMatch(/^createEngine: there is no option "biuld"; there are .*build/);
  });
});

const expected = createEngine().then((engine) => {
  using trainer = engine.createTrainer(SMALL, SENTENCES);
  trainer.train(2);
  using model = trainer.model();
  return model.fingerprint();
});
