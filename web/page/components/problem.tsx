import type { Place } from '../state/store.js';
import { useApp } from './context.js';

/** The sentence about what went wrong at this place, read out when it appears. */
export function Problem({ place }: { place: Place }) {
  const { store } = useApp();
  const sentence = store.errors.value[place];
  return (
    <div role="alert" class="problem-slot">
      {sentence !== undefined && <p class="problem">{sentence}</p>}
    </div>
  );
}
