import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { messages } from '../messages.js';

/** A component that is loaded when it is wanted; null until it is there. One that cannot be had is a sentence that says so. */
export function useLoaded(isWanted: boolean, load: () => Promise<ComponentType>): ComponentType | null {
  const [Loaded, setLoaded] = useState<ComponentType | null>(null);
  useEffect(() => {
    if (!isWanted || Loaded !== null) return;
    load().then(
      (Component) => setLoaded(() => Component),
      () => setLoaded(() => Missing),
    );
  }, [isWanted]);
  return Loaded;
}

/** Stands where something was to be loaded. */
export function Missing() {
  return <p>{messages.explain.missing}</p>;
}
