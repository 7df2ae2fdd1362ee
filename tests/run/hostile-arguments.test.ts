import { expect, test } from 'vitest';
import { PreparedText, UnrollError } from '../../web/engine/index.js';
import { DEFAULTS } from '../../web/links/index.js';
import type { RunConfig } from '../../web/links/index.js';
import * as entry from '../../web/run/index.js';
import { LastingRun, Run, startRun } from '../../web/run/index.js';
import { engine, SENTENCES } from '../engine/engine.js';
import { expectRefusals, methodsOf } from '../engine/hostile-calls.js';
import type { HostileCall } from '../engine/hostile-calls.js';
import { FakeThread, startReplicas } from '../parallel/threads.js';

const CONFIG: RunConfig = {
  ...DEFAULTS,
  text: { own: SENTENCES },
  hiddenSize: 3,
  batchSize: 2,
  seqLen: 3,
  steps: 3,
  evalEvery: 0,
  sampleLength: 2,
};
const text = new PreparedText(SENTENCES);
const spawn = () => new FakeThread();
const make = () => Promise.resolve(new Run(engine, CONFIG, text));
const now = () => 0;

const run = new Run(engine, CONFIG, text);
const lasting = await LastingRun.start({ make, now });
const checkpoint = (await run.checkpoint())!;
const file = entry.writeRunFile(run, checkpoint, '');
const replicas = await startReplicas(2);
// An argument that may be left out is something else here.
const odd = <Value>(it: Value): Value => it ?? (7 as Value);

const CALLS: Readonly<Record<string, HostileCall>> = {
  'new Run(it)': [(it) => new Run(it, CONFIG, text), engine],
  'new Run(…, it)': [(it) => new Run(engine, it, text), CONFIG],
  'new Run(…, …, it)': [(it) => new Run(engine, CONFIG, it), text],
  'new Run(…, …, …, it)': [(it) => new Run(engine, CONFIG, text, odd(it)), { samples: false, marks: [1], start: {} }],
  'new Run(…, …, …, { marks: it })': [(it) => new Run(engine, CONFIG, text, { marks: odd(it) }), [1, 2]],
  'new Run(…, …, …, { start: it })': [(it) => new Run(engine, CONFIG, text, { start: odd(it) }), {}],
  'new Run(…, …, …, { replicas: it })': [
    // It would own the valid ones.
    (it) => new Run(engine, { ...CONFIG, workers: 3 }, text, { replicas: odd(it) }),
    replicas,
  ],
  'startRun(it)': [(it) => startRun(it, CONFIG, text, spawn), engine],
  'startRun(…, it)': [(it) => startRun(engine, it, text, spawn), CONFIG],
  'startRun(…, …, it)': [(it) => startRun(engine, { ...CONFIG, workers: 2 }, it, spawn), text],
  'startRun(…, …, …, it)': [(it) => startRun(engine, CONFIG, text, it)],
  'startRun(…, …, …, …, it)': [(it) => startRun(engine, CONFIG, text, spawn, odd(it)), { samples: false, marks: [1] }],
  'chooseRunWorkers(it)': [(it) => entry.chooseRunWorkers(it, CONFIG, text, spawn, 1), engine],
  'chooseRunWorkers(…, it)': [(it) => entry.chooseRunWorkers(engine, it, text, spawn, 1), CONFIG],
  'chooseRunWorkers(…, …, it)': [(it) => entry.chooseRunWorkers(engine, CONFIG, it, spawn, 1), text],
  'chooseRunWorkers(…, …, …, it)': [(it) => entry.chooseRunWorkers(engine, CONFIG, text, it, 1)],
  'chooseRunWorkers(…, …, …, …, it)': [(it) => entry.chooseRunWorkers(engine, CONFIG, text, spawn, it), 1],
  'runMemory(it)': [(it) => entry.runMemory(it, CONFIG, 20), engine],
  'runMemory(…, it)': [(it) => entry.runMemory(engine, it, 20), CONFIG],
  'runMemory(…, …, it)': [(it) => entry.runMemory(engine, CONFIG, it), 20],
  'trainerConfig(it)': [(it) => entry.trainerConfig(it), CONFIG],
  'sampleOptions(it)': [(it) => entry.sampleOptions(it, 'ab'), CONFIG],
  'sampleOptions(…, it)': [(it) => entry.sampleOptions(CONFIG, it), 'ab'],
  'cellIn(it)': [(it) => entry.cellIn(it), 'lstm'],
  'openingFor(it)': [(it) => entry.openingFor(it, 'ab'), 'a'],
  'openingFor(…, it)': [(it) => entry.openingFor('', it), 'ab'],
  'saveRun(it)': [(it) => entry.saveRun(it), run],
  'writeRunFile(it)': [(it) => entry.writeRunFile(it, checkpoint, ''), run],
  'writeRunFile(…, it)': [(it) => entry.writeRunFile(run, it, ''), checkpoint],
  'writeRunFile(…, …, it)': [(it) => entry.writeRunFile(run, checkpoint, it), 'note'],
  'readRunFile(it)': [(it) => entry.readRunFile(it, file), engine],
  'readRunFile(…, it)': [(it) => entry.readRunFile(engine, it), file],
  'Run.advance(it)': [(it) => run.advance(it, 1), 1],
  'Run.advance(…, it)': [(it) => run.advance(1, odd(it)), 1],
  'Run.adjust(it)': [(it) => run.adjust(it), { lr: 0.1, clip: 1 }],
  'Run.restore(it)': [(it) => run.restore(it), checkpoint],
  'LastingRun.start(it)': [(it) => LastingRun.start(it), { make, now, from: checkpoint, toldStep: 1 }],
  'LastingRun.start({ make: it })': [(it) => LastingRun.start({ make: it, now })],
  'LastingRun.advance(it)': [(it) => lasting.advance(it, 1), 1],
  'LastingRun.advance(…, it)': [(it) => lasting.advance(1, odd(it)), 1],
  'LastingRun.ask(it)': [(it) => lasting.ask(it)],
};

const NOTHING_TO_TAKE = ['takeFirstStep', 'rewind', 'checkpoint', 'baselines', 'model', 'sample'];
/** Of a run alone, which TypeScript calls private. */
const PRIVATE = ['performNext', 'train', 'goneBack', 'doneHere', 'beginAnew', 'tell', 'performed', 'perform'].concat([
  'evaluate',
  'beginEvaluation',
  'result',
  'check',
  'fingerprint',
]);

test('every function and method is in the table', () => {
  const names = Object.entries(entry).flatMap(([name, value]) =>
    typeof value !== 'function' ? [] : value === Run ? ['new Run'] : value === (LastingRun as unknown) ? [] : [name],
  );
  const ofRun = methodsOf(Run).filter((name) => !PRIVATE.includes(name));
  const methods = [...ofRun.map((name) => `Run.${name}`), ...methodsOf(LastingRun).map((name) => `LastingRun.${name}`)];
  const without = [...NOTHING_TO_TAKE, 'keep', 'delete'];
  const wanted = [...names, ...methods].filter((name) => !without.includes(name.split('.').at(-1)!));
  expect(wanted).toHaveLength(17);
  expect(wanted.filter((name) => !Object.keys(CALLS).some((label) => label.startsWith(`${name}(`)))).toEqual([]);
});

test.each(Object.entries(CALLS))('%s is refused with a sentence, or harmless', async (_, call) => {
  await expectRefusals(call);
  await run.rewind();
  expect(await fingerprintOf(run)).toBe(fingerprint);
});

async function fingerprintOf(trained: Run): Promise<string> {
  while (trained.activity !== 'done') await trained.advance(0);
  using model = trained.model();
  return model.fingerprint();
}

const fingerprint = await (async (): Promise<string> => {
  using first = new Run(engine, CONFIG, text);
  return await fingerprintOf(first);
})();

test('a configuration is read once', () => {
  let asked = 0;
  const changing = Object.defineProperty({ ...CONFIG }, 'hiddenSize', { enumerable: true, get: () => 3 + asked++ });
  using own = new Run(engine, changing, text);
  expect(asked).toBe(1);
  expect(own.config.hiddenSize).toBe(3);
});

test.each([
  [{ ...CONFIG, hiden: 3 }, /^RunConfig: there is no option "hiden"/],
  [{ ...CONFIG, steps: undefined }, /^RunConfig: steps is missing, expected a whole number from 1 on/],
  [{ ...CONFIG, steps: 0.5 }, /^RunConfig: steps is 0.5/],
  [{ ...CONFIG, text: { own: 7 } }, /^RunConfig: text.own is 7, expected a string/],
])('what is wrong with a configuration is said', (config, message) => {
  expect(() => new Run(engine, config as never, text)).toThrow(message);
});

test.each([7, null, {}, Object.create(run)])('a lasting run that is made of %j is none', async (it) => {
  const lasting = LastingRun.start({ make: () => Promise.resolve(it as never), now });
  await expect(lasting).rejects.toThrow(/^LastingRun: what make\(\) gave is .*, expected a Run$/);
});

test('a run may have many marks', async () => {
  using own = new Run(engine, CONFIG, text, { marks: Array.from({ length: 300_000 }, (_, i) => i) });
  while (own.activity !== 'done') await own.advance(0);
  expect(own.step).toBe(3);
  await expect(own.takeFirstStep()).rejects.toThrow(UnrollError);
});
