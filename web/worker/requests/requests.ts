import { baselines } from './instant/baselines.js';
import { keepText } from './instant/keep-text.js';
import { lookFirst } from './instant/look-first.js';
import { measure } from './instant/measure.js';
import { pause } from './instant/pause.js';
import { prepare } from './instant/prepare.js';
import { resume } from './instant/resume.js';
import { rewind } from './instant/rewind.js';
import { train } from './instant/train.js';
import { trainStep } from './instant/train-step.js';
import type { Handler, RequestsOf } from './request.js';

/** What training needs, and everybody asks for: in the worker's own script. */
const INSTANT = { baselines, keepText, lookFirst, measure, pause, prepare, resume, rewind, train, trainStep };

/** All others are loaded with the first request of their kind, whose name is that of the file. */
const ON_DEMAND = import.meta.glob<Record<string, Handler>>(['./*.ts', '!./request.ts', '!./requests.ts']);

type Handlers = typeof INSTANT &
  typeof import('./check.js') &
  typeof import('./choose-workers.js') &
  typeof import('./generate.js') &
  typeof import('./open-model.js') &
  typeof import('./plan.js') &
  typeof import('./read-text.js') &
  typeof import('./save-model.js');

/** Each request of the page: what it is asked with, and what it answers. Those of a lens are known to the lens. */
export type Requests = RequestsOf<Handlers>;
export type RequestKind = keyof Requests;

/** Those that are being loaded, so that requests begin in the order in which they were asked. */
let loading: Promise<unknown> = Promise.resolve();

/** What answers a request. */
export async function handlerOf(kind: string): Promise<Handler> {
  const instant = (INSTANT as Record<string, Handler>)[kind];
  if (instant !== undefined) return instant;
  const file = kind.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const loaded = Promise.all([ON_DEMAND[`./${file}.ts`]!(), loading.catch(() => undefined)]);
  loading = loaded;
  const [handlers] = await loaded;
  return handlers[kind]!;
}
