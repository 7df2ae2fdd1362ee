#!/usr/bin/env node
import { dispatch } from './dispatch.js';
import { watchMistakes } from './mistakes.js';
import { watchReaders } from './readers.js';

watchMistakes();
watchReaders();
// An output that failed has set it already.
process.exitCode = (await dispatch(process.argv.slice(2))) || process.exitCode;
