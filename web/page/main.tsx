import { render } from 'preact';
import { App } from './components/app.js';
import { AppContext } from './components/context.js';
import { Controller } from './app/controller.js';
import { releaseOldTrees } from './app/old-trees.js';
import { createStore } from './state/store.js';
import type { WorkerPort } from '../worker/client.js';
import { startWorker } from '../worker/start-worker.js';
import trainingScript from '../worker/training-worker.ts?worker&url';
import './styles/index.css';

releaseOldTrees();
const store = createStore();
const controller = new Controller(store, () => startWorker(trainingScript) as WorkerPort);

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
