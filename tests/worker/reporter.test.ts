import { expect, test } from 'vitest';
import type { RunEvent } from '../../web/run/index.js';
import type { Progress } from '../../web/worker/protocol.js';
import { Reporter } from '../../web/worker/reporter.js';

const steps = (last: number, ...losses: number[]): RunEvent => ({
  type: 'steps',
  step: last,
  epoch: 0,
  losses: Float64Array.from(losses),
  gradNorms: new Float64Array(losses.length),
});

function reporter(): { reporter: Reporter; sent: Progress[] } {
  const sent: Progress[] = [];
  return { reporter: new Reporter((progress) => sent.push(progress)), sent };
}

test('at most one batch is under way; what happens meanwhile comes together in the next', () => {
  const { reporter: made, sent } = reporter();
  made.begin(7, 100);
  made.note([steps(2, 4, 3.5)], 10, 'training');
  made.note([steps(3, 3)], 10, 'training');
  made.note([steps(5, 2.75, 2.5)], 10, 'evaluating');
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatchObject({ runId: 7, batch: 1, step: 2, losses: Float32Array.of(4, 3.5), trainedUnits: 200 });

  made.drawn();
  expect(sent).toHaveLength(2);
  expect(sent[1]).toMatchObject({ batch: 2, step: 5, activity: 'evaluating', trainedMs: 30, trainedUnits: 500 });
  expect([...sent[1]!.losses]).toEqual([3, 2.75, 2.5]);

  made.drawn();
  expect(sent).toHaveLength(2);
});

test('lastBatch names the batch that tells everything so far, sent or not', () => {
  const { reporter: made } = reporter();
  made.begin(1, 1);
  expect(made.lastBatch).toBe(0);
  made.note([steps(1, 4)], 1, 'training');
  expect(made.lastBatch).toBe(1);
  made.note([steps(2, 4)], 1, 'training');
  expect(made.lastBatch).toBe(2);
  made.drawn();
  expect(made.lastBatch).toBe(2);
});

test('a new run begins with nothing of the one before', () => {
  const { reporter: made, sent } = reporter();
  made.begin(1, 10);
  made.note([steps(1, 4)], 5, 'training');
  made.note([steps(2, 4)], 5, 'training');
  made.begin(2, 10);
  made.drawn();
  expect(sent).toHaveLength(1);
  made.note(
    [{ type: 'evaluation', step: 0, part: 'validation', lossNats: 4.2, measures: {}, trainLoss: null }],
    9,
    'training',
  );
  expect(sent[1]).toMatchObject({ runId: 2, step: 0, evaluations: [{ step: 0, lossNats: 4.2 }], trainedMs: 0 });
  expect(sent[1]!.losses).toHaveLength(0);
});

test('the test loss is told with the result and not as a point of the curve', () => {
  const { reporter: made, sent } = reporter();
  made.begin(1, 10);
  made.note([{ type: 'evaluation', step: 9, part: 'test', lossNats: 1, measures: {}, trainLoss: 1 }], 9, 'finishing');
  expect(sent[0]!.evaluations).toEqual([]);
});

test('a copy of the newest checkpoint goes with the next batch, once, and not with that of another run', () => {
  const { reporter: made, sent } = reporter();
  const checkpoint = (step: number) => ({ step, states: [Uint8Array.of(step), Uint8Array.of(step + 1)] });
  made.begin(1, 10);
  const first = checkpoint(1);
  made.keep(first);
  expect(sent).toHaveLength(0);
  made.note([steps(1, 4)], 9, 'training');
  expect(sent[0]!.checkpoint).toEqual(first);
  expect(sent[0]!.checkpoint!.states[0]).not.toBe(first.states[0]);

  made.keep(checkpoint(2));
  made.keep(checkpoint(3));
  made.note([steps(3, 3, 3)], 9, 'training');
  made.drawn();
  expect(sent[1]).toMatchObject({ step: 3, checkpoint: { step: 3 } });
  made.note([steps(4, 3)], 9, 'training');
  made.drawn();
  expect(sent[2]!.checkpoint).toBeNull();

  made.keep(checkpoint(5));
  made.begin(2, 10);
  made.drawn();
  made.note([steps(1, 4)], 9, 'training');
  expect(sent[3]).toMatchObject({ runId: 2, checkpoint: null });
});

test('a reporter that takes over counts on, from the step where its run is', () => {
  const { reporter: made, sent } = reporter();
  made.begin(1, 10, 700);
  made.goOnAfter(41, 'finishing');
  expect(sent[0]).toMatchObject({ batch: 42, step: 700, activity: 'finishing', losses: new Float32Array() });
  expect(made.lastBatch).toBe(42);
  made.drawn();
  made.note([], 1, 'evaluating');
  expect(sent[1]).toMatchObject({ batch: 43, step: 700 });
});
