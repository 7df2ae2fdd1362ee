import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { RequestCancelled } from '../../worker/client.js';
import type { Only } from '../../worker/requests/request.js';
import { useApp } from '../components/context.js';

/**
 * What the worker answers to a request of a lens about the network as it is now; null before the first answer, and
 * 'missing' when it could not give one.
 *
 * It is asked anew when `key` changes, and, if it is `live`, when the network has been trained on: one request at a time, so
 * that a slow one is asked less often. The worker sees to it that training gets nine tenths of the time.
 */
export function useAnswer<Module>(
  kind: keyof Module & string,
  args: Only<Module>['args'],
  key: string,
  live = true,
): Only<Module>['value'] | null | 'missing' {
  const { store, controller } = useApp();
  const answer = useSignal<{ readonly value: Only<Module>['value'] | 'missing' } | null>(null);
  const state = useRef({ isAsking: false, isStale: false, isOver: false });
  const latest = useRef(args);
  latest.current = args;

  const ask = async (): Promise<void> => {
    const now = state.current;
    now.isStale = true;
    // Without a network there is nobody to answer; the first one has another key.
    if (now.isAsking || store.run.peek() === null) return;
    now.isAsking = true;
    while (now.isStale && !now.isOver) {
      now.isStale = false;
      try {
        answer.value = { value: await controller.ask<Module>(kind, latest.current) };
      } catch (error) {
        // When another network comes it is asked anew. An answer that there was stays until there is a newer one.
        if (!(error instanceof RequestCancelled)) answer.value ??= { value: 'missing' };
      }
    }
    now.isAsking = false;
  };

  useEffect(() => void ask(), [key]);
  useSignalEffect(() => {
    if (!live || store.run.value === null || store.step.value < 0) return;
    void ask();
  });
  useEffect(() => {
    const now = state.current;
    return () => {
      now.isOver = true;
    };
  }, []);
  return answer.value?.value ?? null;
}
