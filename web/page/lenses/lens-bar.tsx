import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useApp } from '../components/context.js';
import { messages } from '../messages.js';
import { LENSES } from './lenses.js';

/** One key for each lens; pressed, it opens below the reading, and pressed again it is closed. */
export function LensBar() {
  const { store, controller } = useApp();
  const open = store.lens.value;
  const [View, setView] = useState<ComponentType | null>(null);
  useEffect(() => {
    if (open === null || View !== null) return;
    void import('./lens-view.js').then(
      ({ LensView }) => setView(() => LensView),
      () => setView(() => Missing),
    );
  }, [open, View]);
  const lenses = Object.entries(LENSES);
  if (lenses.length === 0) return null;
  return (
    <section class="lenses" aria-labelledby="lenses-heading">
      <div class="section-head">
        <h2 id="lenses-heading">{messages.lenses.heading}</h2>
        <p>{messages.lenses.intro}</p>
      </div>
      <div class="lens-keys">
        {lenses.map(([id, { label }]) => (
          <button
            key={id}
            type="button"
            class="button"
            aria-pressed={id === open}
            onClick={() => controller.openLens(id === open ? null : id)}
          >
            {label}
          </button>
        ))}
      </div>
      {open !== null && View !== null && <View />}
    </section>
  );
}

function Missing() {
  return <p>{messages.lenses.missing}</p>;
}
