import { describe, expect, it } from 'vitest';
import { UnrollError } from '../../web/engine/index.js';
import type { LanguageConfig } from '../../web/links/index.js';
import { Run, startRun, trainerConfig } from '../../web/run/index.js';
import type { RunEvent } from '../../web/run/index.js';
import { engine, SENTENCES } from '../engine/engine.js';
import { FakeThread } from '../parallel/threads.js';
import { CONFIG as SMALL } from './small-config.js';

const CONFIG: LanguageConfig = { ...SMALL, steps: 40, workers: 2 };

async function story(config: LanguageConfig, sliceMs: number, maxSteps?: number): Promise<unknown> {
  const run = await startRun(engine, config, SENTENCES, () => new FakeThread(), { marks: [25] });
  const events: RunEvent[] = [];
  while (run.activity !== 'done') events.push(...(await run.advance(sliceMs, maxSteps)));
  run.delete();
  const losses = events.flatMap((event) => (event.type === 'steps' ? [...event.losses] : []));
  return { losses, rest: events.filter((event) => event.type !== 'steps') };
}

describe('a run with workers', () => {
  it.each([2, 3])('is the same in any slices (%i)', async (workers) => {
    const whole = await story({ ...CONFIG, workers }, 1000);
    expect((whole as { losses: number[] }).losses).toHaveLength(40);
    expect(await story({ ...CONFIG, workers }, 0)).toEqual(whole);
    expect(await story({ ...CONFIG, workers }, 1000, 7)).toEqual(whole);
  });

  it('with one worker is the run that there always was', async () => {
    const run = new Run(engine, { ...CONFIG, workers: 1 }, SENTENCES, { marks: [25] });
    const events: RunEvent[] = [];
    while (run.activity !== 'done') events.push(...(await run.advance(1000)));
    run.delete();
    const { rest } = (await story({ ...CONFIG, workers: 1 }, 1000)) as { rest: RunEvent[] };
    expect(rest).toEqual(events.filter((event) => event.type !== 'steps'));
  });

  it('takes the memory of all its replicas', async () => {
    const run = await startRun(engine, { ...CONFIG, workers: 3 }, SENTENCES, () => new FakeThread());
    const ofReplica = (index: number): number => {
      using trainer = engine.createTrainer({ ...trainerConfig(CONFIG), shard: { index, count: 3 } }, SENTENCES);
      return trainer.info.memoryBytes;
    };
    expect(run.info.memoryBytes).toBe(ofReplica(0) + ofReplica(1) + ofReplica(2));
    expect(ofReplica(0)).toBeLessThan(ofReplica(2)); // of five streams it reads one, and the last one two
    run.delete();
  });

  it('is refused where there are no threads for it, and by what is for one worker', async () => {
    expect(() => new Run(engine, CONFIG, SENTENCES)).toThrow(/^Run: workers is 2, but this trains in one thread/);
    const run = await startRun(engine, CONFIG, SENTENCES, () => new FakeThread());
    await expect(run.takeFirstStep()).rejects.toThrow(/this run has workers, use advance\(\)$/);
    run.delete();
  });

  it('leaves no thread behind when its prompt is refused', async () => {
    const threads: FakeThread[] = [];
    const spawn = () => threads[threads.push(new FakeThread()) - 1]!;
    await expect(startRun(engine, { ...CONFIG, prompt: 'Ω' }, SENTENCES, spawn)).rejects.toThrow(UnrollError);
    expect(threads.map(({ terminated }) => terminated)).toEqual([true]);
  });
});
