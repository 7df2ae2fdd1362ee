import { computed, signal } from '@preact/signals';
import type { LinkView, OpenedLink, ResultClaim } from '../../links/index.js';
import { DEFAULTS } from '../../links/run-config.js';
import type { LanguageConfig } from '../../links/run-config.js';
import type { Generated, ModelSource, ModelSummary } from '../../worker/protocol.js';
import type { BaselineTops } from '../chart/drawing.js';
import { FIRST } from '../reading/selection.js';
import type { Selection } from '../reading/selection.js';
import { createSlot } from '../runs/slot.js';

/** A link of what the page shows. */
export type LanguageLink = OpenedLink & { readonly config: LanguageConfig };

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
  readonly link: LanguageLink;
  readonly steps: number;
}

/** The fragment that opens what the controls say; null while it is being made or when there can be none. */
export interface LinkState {
  readonly fragment: string | null;
  /** What the reader should know before sharing it. */
  readonly note: string | null;
}

/** All that the page shows, as plain values: its network, and what is around it. Only the controller writes here; components read. */
export function createStore() {
  const slot = createSlot<LanguageConfig>(DEFAULTS);
  const { run, view } = slot;
  /** Whether what can wait for the first network is drawn and loaded now. */
  const settled = signal(false);
  const workersAdvice = signal<WorkersAdvice | 'measuring' | null>(null);

  /** Whether the reader is writing a text of their own into the page just now. */
  const editingText = signal(false);
  const link = signal<LinkState>({ fragment: null, note: null });
  /** Whether the link has just been copied. */
  const copied = signal(false);
  const linkNote = signal<string | null>(null);
  /** What the link that was opened promised of its result. */
  const claim = signal<ResultClaim | null>(null);
  const question = signal<Question | null>(null);

  /** The step that the reader points at in the chart, and where its baselines lie. */
  const cursorStep = signal<number | null>(null);
  const baselineTops = signal<BaselineTops | null>(null);

  /** The lens that is open, by its word; and what it is pointed at, once something was selected. */
  const lens = signal<string | null>(null);
  const selection = signal<Selection>(FIRST);

  const source = signal<ModelSource>('run');
  const opened = signal<OpenedModel | null>(null);
  const writing = signal<Writing | null>(null);

  /** How the finished run compares with what the link promised; null when there is nothing to compare. */
  const claimVerdict = computed(() => {
    const result = view.value?.result;
    const promised = claim.value;
    if (result == null || promised === null || run.value === null || promised.step !== result.step) return null;
    if (result.build === 'fast') return 'fastBuild' as const;
    if (promised.generation !== run.value.generation) return 'otherGeneration' as const;
    return promised.fingerprint === result.fingerprint ? ('same' as const) : ('different' as const);
  });
  /** What of this a link says: nothing unless a lens is open. */
  const shown = computed((): LinkView | null =>
    lens.value === null ? null : { lens: lens.value, ...selection.value },
  );

  return {
    ...slot,
    settled,
    workersAdvice,
    editingText,
    link,
    copied,
    linkNote,
    claim,
    question,
    cursorStep,
    baselineTops,
    lens,
    selection,
    shown,
    source,
    opened,
    writing,
    claimVerdict,
  };
}

export type Store = ReturnType<typeof createStore>;
