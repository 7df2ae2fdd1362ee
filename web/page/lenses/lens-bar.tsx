import { useApp } from '../components/context.js';
import { useLoaded } from '../components/use-loaded.js';
import { messages } from '../messages.js';
import { LENSES } from './lenses.js';

/** One key for each lens; pressed, it opens below the reading, and pressed again it is closed. */
export function LensBar() {
  const { store, controller } = useApp();
  const open = store.lens.value;
  const View = useLoaded(open !== null, async () => (await import('./lens-view.js')).LensView);
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
