import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Controller } from '../app/controller.js';
import type { Store } from '../state/store.js';

/** What every component may use: the state to read, and the controller to ask for changes. */
export interface AppContext {
  readonly store: Store;
  readonly controller: Controller;
}

export const AppContext = createContext<AppContext | null>(null);

export function useApp(): AppContext {
  const app = useContext(AppContext);
  if (app === null) throw new Error('useApp: a component was drawn outside of <App>');
  return app;
}
