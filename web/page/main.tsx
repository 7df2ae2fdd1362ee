import { render } from 'preact';
import { App } from './components/app.js';
import { AppContext } from './components/context.js';
import { Controller } from './app/controller.js';
import { createStore } from './state/store.js';
import type { WorkerPort } from '../worker/client.js';
import './styles/index.css';

const store = createStore();
const controller = new Controller(
  store,
  () => new Worker(new URL('../worker/training-worker.ts', import.meta.url), { type: 'module' }) as WorkerPort,
);

void controller.start();

// A browser starts a worker's thread from this one. Drawing would hold it up for as long as that takes, while the worker
// could load engine and text.
void controller.awake.then(() =>
  render(
    <AppContext.Provider value={{ store, controller }}>
      <App />
    </AppContext.Provider>,
    document.getElementById('page')!,
  ),
);
