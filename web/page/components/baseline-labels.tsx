import { useEffect, useRef } from 'preact/hooks';
import { messages } from '../messages.js';
import { formatLoss } from '../state/format.js';
import { useApp } from './context.js';
import { ExplainTerm } from './explain-term.js';

const KINDS = ['uniform', 'unigram', 'bigram'] as const;

/** The names of the baselines, each on its line, at the right where the curves have fallen away from them. */
export function BaselineLabels() {
  const { store } = useApp();
  const baselines = store.run.value?.baselines;
  const tops = store.baselineTops.value;
  if (baselines == null || tops === null) return null;
  return (
    <div class="baseline-labels">
      {KINDS.map((kind) => (
        <BaselineLabel key={kind} kind={kind} top={tops[kind]} value={formatLoss(baselines[kind])} />
      ))}
    </div>
  );
}

function BaselineLabel({ kind, top, value }: { kind: (typeof KINDS)[number]; top: number; value: string }) {
  const label = useRef<HTMLDivElement>(null);
  // Through the object model and not as an attribute, which the page's content policy forbids.
  useEffect(() => {
    label.current!.style.top = `${top}px`;
  }, [top]);
  return (
    <div ref={label} class="baseline-label">
      <ExplainTerm about={kind}>{messages.chart[kind]}</ExplainTerm> <span class="baseline-value">{value}</span>
    </div>
  );
}
