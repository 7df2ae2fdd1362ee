import { computed, signal } from '@preact/signals';
import type { OpenedLink, ResultClaim } from '../../links/index.js';
import type { RunConfig } from '../../links/run-config.js';
import { DEFAULTS } from '../../links/run-config.js';
import type { Baselines, Generated, ModelSource, ModelSummary, Plan, Prepared, Speed } from '../../worker/protocol.js';
import type { BaselineTops } from '../chart/drawing.js';
import type { RunView } from './progress.js';
import { trainingDifferences } from './settings.js';

/** What the page is doing. Everything but `idle` and `failed` ends by itself or by a press of Pause. */
export type Activity = 'preparing' | 'idle' | 'training' | 'stepping' | 'pausing' | 'failed';

/** Where a sentence about something that went wrong is shown: beside the controls that caused it. */
export type Place = 'text' | 'network' | 'training' | 'sample' | 'generation' | 'model' | 'link';

/** The run in the worker and what it was made from. */
export interface CurrentRun extends Prepared {
  /** The request that began it; progress of any other run is dropped. */
  readonly id: number;
  readonly config: RunConfig;
  /** null until they have been counted. */
  readonly baselines: Baselines | null;
}

/** The validation losses of the run before this one, kept to compare with. */
export interface EarlierRun {
  /** The cell and its size, as in "LSTM 128". */
  readonly name: string;
  readonly steps: readonly number[];
  readonly losses: readonly number[];
}

/** A model file that the reader has opened. */
export interface OpenedModel extends ModelSummary {
  readonly fileName: string;
}

/** What the generation panel shows. */
export interface Writing {
  readonly busy: boolean;
  readonly prompt: string;
  readonly temperature: number;
  /** Which network wrote. */
  readonly by: { readonly kind: 'run'; readonly step: number } | { readonly kind: 'file'; readonly fileName: string };
  readonly outputs: Generated | null;
}

/** How many workers pay for the network of the controls on this machine, and why. */
export interface WorkersAdvice {
  readonly workers: number;
  readonly why: string;
}

/** A link that was opened while there is training that it would throw away. */
export interface Question {
  readonly link: OpenedLink;
  readonly steps: number;
}

/** The fragment that opens what the controls say; null while it is being made or when there can be none. */
export interface LinkState {
  readonly fragment: string | null;
  /** What the reader should know before sharing it. */
  readonly note: string | null;
}

/** All that the page shows, as plain values. Only the controller writes here; components read. */
export function createStore() {
  /** What the controls say. */
  const config = signal<RunConfig>(DEFAULTS);
  /** What is in the worker; null until the first text and network are ready. */
  const run = signal<CurrentRun | null>(null);
  const view = signal<RunView | null>(null);
  const activity = signal<Activity>('preparing');
  /** Whether what can wait for the first network is drawn and loaded now. */
  const settled = signal(false);
  const plan = signal<Plan | null>(null);
  const speed = signal<Speed | null>(null);
  const earlier = signal<EarlierRun | null>(null);
  const workersAdvice = signal<WorkersAdvice | 'measuring' | null>(null);

  /** Whether the configuration of the controls cannot be made into a run; a sentence beside a control says why. */
  const refused = signal(false);
  /** Whether training has come to numbers that are none any more: nothing but rewinding helps. */
  const ruined = signal(false);
  /** Whether the reader is writing a text of their own into the page just now. */
  const editingText = signal(false);
  const errors = signal<{ readonly [P in Place]?: string }>({});
  const link = signal<LinkState>({ fragment: null, note: null });
  /** Whether the link has just been copied. */
  const copied = signal(false);
  const linkNote = signal<string | null>(null);
  /** Why the key that was pressed last does nothing now. */
  const whyNot = signal<string | null>(null);
  /** What has broken down and was replaced, until training goes on. */
  const mended = signal<string | null>(null);
  /** What the link that was opened promised of its result. */
  const claim = signal<ResultClaim | null>(null);
  /** Milestones, for the one status line that screen readers follow. */
  const announcement = signal('');
  const question = signal<Question | null>(null);

  /** The step that the reader points at in the chart, and where its baselines lie. */
  const cursorStep = signal<number | null>(null);
  const baselineTops = signal<BaselineTops | null>(null);

  const source = signal<ModelSource>('run');
  const opened = signal<OpenedModel | null>(null);
  const writing = signal<Writing | null>(null);

  /** Settings that the controls show but the run in the worker does not have. */
  const pendingKeys = computed(() => (run.value === null ? [] : trainingDifferences(config.value, run.value.config)));
  /** How the finished run compares with what the link promised; null when there is nothing to compare. */
  const claimVerdict = computed(() => {
    const result = view.value?.result;
    const promised = claim.value;
    if (result == null || promised === null || run.value === null || promised.step !== result.step) return null;
    if (result.build === 'fast') return 'fastBuild' as const;
    if (promised.generation !== run.value.generation) return 'otherGeneration' as const;
    return promised.fingerprint === result.fingerprint ? ('same' as const) : ('different' as const);
  });
  const step = computed(() => view.value?.step ?? 0);
  const busy = computed(() => activity.value !== 'idle' && activity.value !== 'failed');

  return {
    config,
    run,
    view,
    activity,
    settled,
    plan,
    speed,
    earlier,
    workersAdvice,
    refused,
    ruined,
    editingText,
    errors,
    link,
    copied,
    linkNote,
    whyNot,
    mended,
    claim,
    announcement,
    question,
    cursorStep,
    baselineTops,
    source,
    opened,
    writing,
    pendingKeys,
    claimVerdict,
    step,
    busy,
  };
}

export type Store = ReturnType<typeof createStore>;
