import type { Trainer } from '../engine/index.js';
import type { BlowUp, LastingRun, RunEvent, RunResult } from '../run/index.js';
import type { TaskReport } from '../tasks/report.js';
import type { ClaimVerdict } from './claim.js';
import { count, nats } from './format.js';
import { ProgressBar } from './progress.js';
import { bold, faint, line, note, print, printJson } from './terminal.js';
import type { Line } from './terminal.js';
import type { TrainingListener } from './training.js';
import { visible } from './visible.js';

/** What is known at the end besides the result. */
export interface Ending {
  readonly result: RunResult;
  /** Units of the task a second. */
  readonly speed: number | null;
  /** The fragment that repeats this run, when it is short enough to be of use. */
  readonly link: string | null;
  /** On the result that the link claimed, if it claimed one. */
  readonly verdict: ClaimVerdict | null;
}

/** How a training is told. */
export interface Report extends TrainingListener {
  begin(run: LastingRun<Trainer>, dataName: string): void;
  /** Takes away what is only for the moment, so that something else can be printed. */
  pause(): void;
  end(ending: Ending): void;
}

/** One JSON object a line: an evaluation each, and the result. Losses are in nats. */
export class JsonReport implements Report {
  constructor(private readonly task: TaskReport) {}

  begin(): void {}
  pause(): void {}
  onProgress(): void {}

  onEvent(event: RunEvent, speed: number | null): void {
    if (event.type !== 'evaluation' || event.part !== 'validation') return;
    printJson({
      step: event.step,
      train_loss: event.trainLoss,
      val_loss: event.lossNats,
      ...this.task.validation(event.measures),
      ...this.speed(speed),
    });
  }

  end({ result, speed, link, verdict }: Ending): void {
    printJson({
      step: result.step,
      train_loss: result.trainLoss,
      val_loss: result.valLoss,
      ...this.task.validation(result.valLoss === null ? null : result.valMeasures),
      test_loss: result.testLoss,
      ...this.task.test(result.testLoss === null ? null : result.testMeasures),
      ...this.speed(speed),
      parameters: result.parameterCount,
      fingerprint: result.fingerprint,
      generation: result.generation,
      build: result.build,
      ...(link === null ? {} : { link }),
      ...(verdict === null ? {} : { claim: verdict }),
    });
  }

  private speed(perSecond: number | null): object {
    return { [`${this.task.unit}_per_s`]: perSecond === null ? null : Math.round(perSecond) };
  }
}

/** The width of a task's own column. */
const COLUMN = 10;

/** A table for people, with samples between its rows and a progress bar below it. */
export class TableReport implements Report {
  private readonly bar: ProgressBar;

  constructor(private readonly task: TaskReport) {
    this.bar = new ProgressBar(task.unit);
  }

  begin({ config, info, step }: LastingRun<Trainer>, dataName: string): void {
    const layers = `${config.numLayers} ${config.numLayers === 1 ? 'layer' : 'layers'} of ${config.hiddenSize}`;
    const threads = config.workers === 1 ? '' : `, ${config.workers} workers`;
    print(line`${bold(config.cell)}, ${layers}, ${count(info.parameterCount)} parameters${threads}`);
    print(line`${bold(dataName)}, ${this.task.describe(info)}`);
    if (step > 0) print(`goes on at step ${count(step)} of ${count(config.steps)}`);
    print('');
    const { column, unit } = this.task;
    print(`   step   train     val${column ? pad(column.title, COLUMN) : ''}${pad(`${unit}/s`, 10)}`);
  }

  onEvent(event: RunEvent, speed: number | null): void {
    if (event.type === 'evaluation' && event.part === 'validation') {
      const { column } = this.task;
      const losses = `${pad(event.step, 7)}${pad(nats(event.trainLoss), 8)}${pad(nats(event.lossNats), 8)}`;
      const measure = column ? pad(column.of(event.measures), COLUMN) : '';
      this.print(`${losses}${measure}${pad(speed === null ? '–' : count(speed), 10)}`);
    }
    if (event.type === 'sample') {
      for (const row of drawSample(`${event.prompt}${event.text}`)) this.print(faint(row));
    }
  }

  onProgress(run: LastingRun<Trainer>, speed: number | null): void {
    const unitsLeft = (run.config.steps - run.step) * run.task.unitsPerStep(run.config);
    this.bar.show({
      step: run.step,
      steps: run.config.steps,
      loss: run.trainLoss,
      speed,
      secondsLeft: speed === null ? null : unitsLeft / speed,
    });
  }

  pause(): void {
    this.bar.clear();
  }

  end({ result, link, verdict }: Ending): void {
    const { testLoss, testMeasures } = result;
    this.print('');
    if (testLoss !== null) {
      this.print(line`test loss ${bold(nats(testLoss))} nats, ${this.task.inWords(testMeasures)}`);
    }
    this.print(`weights   ${result.fingerprint}${remarkOn(result, verdict)}`);
    if (link !== null) this.print(`again     unroll run '${link}'`);
  }

  private print(content: Line): void {
    this.bar.clear();
    print(content);
  }
}

/** Whether training should go on is for the person to decide. */
export function tellBlowUp({ step, lossNats, blindNats }: BlowUp): void {
  const what = `at step ${count(step)} the loss was ${nats(lossNats)}, far above the ${nats(blindNats)} of guessing blindly`;
  note(`unroll: ${what}: training has become unstable; a lower --lr or a smaller --clip helps`);
}

/** What a reader should know about a fingerprint. */
function remarkOn({ build }: RunResult, verdict: ClaimVerdict | null): string {
  if (build === 'fast') return ', by the fast build: other machines may have others';
  return verdict === 'matches' ? ', as the link says' : '';
}

function pad(value: number | string, width: number): string {
  return String(value).padStart(width);
}

/** A sample as a block beside the table. Line breaks become signs, or a list of names would fill the screen. */
function drawSample(text: string): string[] {
  const rows = visible(text.replaceAll('\n', '⏎ ')).match(/.{1,68}/gsu) ?? [];
  return rows.map((row) => `        │ ${row}`);
}
