#!/usr/bin/env node
import { dispatch } from './dispatch.js';
import { endQuietlyWithoutReaders } from './terminal.js';

endQuietlyWithoutReaders();
process.exitCode = await dispatch(process.argv.slice(2));
