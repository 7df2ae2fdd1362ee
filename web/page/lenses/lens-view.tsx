import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type * as readings from '../../worker/requests/reading.js';
import { useApp } from '../components/context.js';
import { Missing } from '../components/use-loaded.js';
import { messages } from '../reading/messages.js';
import type { Reading } from '../reading/reading.js';
import { moved, within } from '../reading/selection.js';
import type { Selection } from '../reading/selection.js';
import { Strip } from '../reading/strip.js';
import { LENSES } from './lenses.js';
import { useAnswer } from './use-answer.js';

/** Characters of a reading. */
const LENGTH = 100;

/** The reading, and the lens that is open below it. */
export function LensView() {
  const { store, controller } = useApp();
  const pointed = useSignal<Partial<Selection> | null>(null);
  const run = store.run.value;
  const read = useAnswer<typeof readings>('reading', { length: LENGTH }, String(run?.id), false);
  const Body = useLens(store.lens.value);
  if (read === 'missing') return <Missing />;
  if (run === null || read === null || Body === null) return <p class="placeholder">{messages.loading}</p>;

  const characters = [...read.text];
  const { numLayers: layers, hiddenSize: units } = run.config;
  const bounds = { positions: characters.length, layers, units };
  const selection = within(store.selection.value, bounds);
  const reading: Reading = {
    characters,
    layers,
    units,
    shown: within({ ...selection, ...pointed.value }, bounds),
    select: (part) => controller.select({ ...selection, ...part }),
    point: (part) => {
      pointed.value = part;
    },
  };
  const press = (key: string): boolean => {
    const next = moved(selection, key, bounds);
    if (next !== null) controller.select(next);
    return next !== null;
  };
  return (
    <div class="lens">
      <div class="lens-scroll" tabIndex={-1}>
        <Strip
          characters={characters}
          position={reading.shown.position}
          onKey={press}
          onPoint={(position) => reading.point(position === null ? null : { position })}
          onSelect={(position) => reading.select({ position })}
        />
        <Body {...reading} />
      </div>
    </div>
  );
}

/** What draws a lens, once it is loaded. */
function useLens(id: string | null): ComponentType<Reading> | null {
  const [loaded, setLoaded] = useState<{ id: string | null; Body: ComponentType<Reading> } | null>(null);
  useEffect(() => {
    const lens = id === null ? undefined : LENSES[id];
    let over = false;
    const take = (Body: ComponentType<Reading>): void => {
      if (!over) setLoaded({ id, Body });
    };
    void lens?.load().then(
      ({ default: Body }) => take(Body),
      () => take(Missing),
    );
    return () => {
      over = true;
    };
  }, [id]);
  return loaded?.id === id ? (loaded?.Body ?? null) : null;
}
