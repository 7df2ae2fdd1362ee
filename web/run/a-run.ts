import { anInstance } from '../parallel/arguments.js';
import { Run } from './run.js';

export const aRun = anInstance(Run, 'a Run', 'config');
