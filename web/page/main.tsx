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

render(
  <AppContext.Provider value={{ store, controller }}>
    <App />
  </AppContext.Provider>,
  document.getElementById('page')!,
);

void controller.start();
