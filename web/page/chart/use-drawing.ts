import type { ReadonlySignal } from '@preact/signals';
import { useSignal, useSignalEffect } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Store } from '../state/store.js';
import type { ChartDrawing } from './drawing.js';
import type { ChartModel } from './model.js';

/**
 * A drawing in its host element that follows the models.
 *
 * The plotting library is as large as the rest of the page, so it comes as a file of its own, once text, network and sample
 * are there.
 */
export function useDrawing(
  host: RefObject<HTMLDivElement | null>,
  store: Store,
  models: ReadonlySignal<ChartModel>,
): RefObject<ChartDrawing | null> {
  const drawing = useRef<ChartDrawing>(null);
  const loaded = useSignal(false);

  const settled = store.settled.value;
  useEffect(() => {
    if (!settled) return;
    let unmounted = false;
    void import('./drawing.js').then(({ ChartDrawing }) => {
      if (unmounted || host.current === null) return;
      drawing.current = new ChartDrawing(
        host.current,
        (step) => {
          store.cursorStep.value = step;
        },
        (tops) => {
          store.baselineTops.value = tops;
        },
      );
      loaded.value = true;
    });
    return () => {
      unmounted = true;
      drawing.current?.destroy();
    };
  }, [host, store, loaded, settled]);

  // Models come at most once a frame, so this is the frame clock of the page.
  useSignalEffect(() => {
    if (loaded.value) drawing.current?.draw(models.value);
  });
  return drawing;
}
