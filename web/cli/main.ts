#!/usr/bin/env node
import { dispatch } from './dispatch.js';
import { endQuietlyWhenNobodyReads } from './terminal.js';

endQuietlyWhenNobodyReads();
process.exitCode = await dispatch(process.argv.slice(2));
