import { computed, signal } from '@preact/signals';
import type { LanguageConfig, RunConfig } from '../../links/run-config.js';
import type { Baselines, Plan, Prepared, Speed } from '../../worker/protocol.js';
import type { RunView } from '../state/progress.js';
import { trainingDifferences } from '../state/settings.js';
import { following } from './state.js';
import type { RunState } from './state.js';

/** Where a sentence about something that went wrong is shown: beside the controls that caused it. */
export type Place = 'text' | 'network' | 'training' | 'sample' | 'generation' | 'model' | 'link';

/** The run in the worker and what it was made from. */
export interface CurrentRun<Config extends RunConfig = LanguageConfig> extends Prepared {
  /** The request that began it; progress of any other run is dropped. */
  readonly id: number;
  readonly config: Config;
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

/** One network: what is asked for, what there is, what it is doing, and what there is to say about it. A race is several. */
export function createSlot<Config extends RunConfig>(wanted: Config) {
  /** What the controls say. */
  const config = signal<Config>(wanted);
  /** What is in the worker; null until the first text and network are ready. */
  const run = signal<CurrentRun<Config> | null>(null);
  const view = signal<RunView | null>(null);
  const state = signal<RunState>({ is: 'preparing' });
  const plan = signal<Plan | null>(null);
  const speed = signal<Speed | null>(null);
  const earlier = signal<EarlierRun | null>(null);

  const errors = signal<{ readonly [P in Place]?: string }>({});
  /** Why the key that was pressed last does nothing now. */
  const whyNot = signal<string | null>(null);
  /** What has broken down and was replaced, until training goes on. */
  const mended = signal<string | null>(null);
  /** Milestones, for the one status line that screen readers follow. */
  const announcement = signal('');

  const step = computed(() => view.value?.step ?? 0);
  /** Settings that the controls show but the run in the worker does not have. */
  const pendingKeys = computed(() => (run.value === null ? [] : trainingDifferences(config.value, run.value.config)));
  /** The one way in which the state changes. */
  const become = (next: RunState): void => {
    state.value = following(state.value, next);
  };

  return {
    config,
    run,
    view,
    state,
    plan,
    speed,
    earlier,
    errors,
    whyNot,
    mended,
    announcement,
    step,
    pendingKeys,
    become,
  };
}

export type Slot<Config extends RunConfig = LanguageConfig> = ReturnType<typeof createSlot<Config>>;
