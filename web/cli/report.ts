import type { BlowUp, LastingRun, RunEvent, RunResult } from '../run/index.js';
import type { ClaimVerdict } from './claim.js';
import { count, nats, toBits } from './format.js';
import { ProgressBar } from './progress.js';
import { bold, faint, line, note, print, printJson } from './terminal.js';
import type { Line } from './terminal.js';
import type { TrainingListener } from './training.js';
import { visible } from './visible.js';

/** What is known at the end besides the result. */
export interface Ending {
  readonly result: RunResult;
  readonly charsPerSecond: number | null;
  /** The fragment that repeats this run, when it is short enough to be of use. */
  readonly link: string | null;
  /** On the result that the link claimed, if it claimed one. */
  readonly verdict: ClaimVerdict | null;
}

/** How a training is told. */
export interface Report extends TrainingListener {
  begin(run: LastingRun, textName: string): void;
  /** Takes away what is only for the moment, so that something else can be printed. */
  pause(): void;
  end(ending: Ending): void;
}

/** One JSON object a line: an evaluation each, and the result. Losses are in nats per character. */
export class JsonReport implements Report {
  begin(): void {}
  pause(): void {}
  onProgress(): void {}

  onEvent(event: RunEvent, charsPerSecond: number | null): void {
    if (event.type !== 'evaluation' || event.part !== 'validation') return;
    printJson({
      step: event.step,
      train_loss: event.trainLoss,
      val_loss: event.lossNats,
      chars_per_s: charsPerSecond === null ? null : Math.round(charsPerSecond),
    });
  }

  end({ result, charsPerSecond, link, verdict }: Ending): void {
    printJson({
      step: result.step,
      train_loss: result.trainLoss,
      val_loss: result.valLoss,
      test_loss: result.testLoss,
      bits_per_char: result.testLoss === null ? null : toBits(result.testLoss),
      chars_per_s: charsPerSecond === null ? null : Math.round(charsPerSecond),
      parameters: result.parameterCount,
      fingerprint: result.fingerprint,
      generation: result.generation,
      build: result.build,
      ...(link === null ? {} : { link }),
      ...(verdict === null ? {} : { claim: verdict }),
    });
  }
}

/** A table for people, with samples between its rows and a progress bar below it. */
export class TableReport implements Report {
  private readonly bar = new ProgressBar();

  begin({ config, info, step }: LastingRun, textName: string): void {
    const layers = `${config.layers} ${config.layers === 1 ? 'layer' : 'layers'} of ${config.hidden}`;
    const threads = config.workers === 1 ? '' : `, ${config.workers} workers`;
    print(line`${bold(config.cell)}, ${layers}, ${count(info.parameterCount)} parameters${threads}`);
    print(line`${bold(textName)}, ${count(info.trainChars)} characters to train on, ${info.vocabSize} different ones`);
    if (step > 0) print(`goes on at step ${count(step)} of ${count(config.steps)}`);
    print('');
    print('   step   train     val   chars/s');
  }

  onEvent(event: RunEvent, charsPerSecond: number | null): void {
    if (event.type === 'evaluation' && event.part === 'validation') {
      const speed = charsPerSecond === null ? '–' : count(charsPerSecond);
      this.print(
        `${pad(event.step, 7)}${pad(nats(event.trainLoss), 8)}${pad(nats(event.lossNats), 8)}${pad(speed, 10)}`,
      );
    }
    if (event.type === 'sample') {
      for (const row of drawSample(`${event.prompt}${event.text}`)) this.print(faint(row));
    }
  }

  onProgress(run: LastingRun, charsPerSecond: number | null): void {
    const charsLeft = (run.config.steps - run.step) * run.config.batch * run.config.seq;
    this.bar.show({
      step: run.step,
      steps: run.config.steps,
      loss: run.trainLoss,
      charsPerSecond,
      secondsLeft: charsPerSecond === null ? null : charsLeft / charsPerSecond,
    });
  }

  pause(): void {
    this.bar.clear();
  }

  end({ result, link, verdict }: Ending): void {
    const { testLoss } = result;
    this.print('');
    if (testLoss !== null) {
      this.print(line`test loss ${bold(nats(testLoss))} nats, ${toBits(testLoss).toFixed(3)} bits per character`);
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
