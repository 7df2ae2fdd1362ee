import type { Place } from '../runs/slot.js';
import { useApp } from './context.js';

/** The sentence about what went wrong at this place, or another one when nothing did; read out when it appears. */
export function Problem({ place, otherwise }: { place: Place; otherwise?: string | undefined }) {
  const { store } = useApp();
  const sentence = store.errors.value[place] ?? otherwise;
  return (
    <div role="alert" class="problem-slot">
      {sentence !== undefined && <p class="problem">{sentence}</p>}
    </div>
  );
}
