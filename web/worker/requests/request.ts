import type { Session } from '../session.js';

/**
 * A request is a file: a function of its name, whose arguments and answer are what crosses between page and worker. `id`
 * is that of the request, which names the run that it begins, if it begins one.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each has arguments of its own
export type Handler = (session: Session, args: any, id: number) => unknown;

/** What the one request of a file is asked with, and what it answers. */
export type Only<Module> = RequestsOf<Module>[keyof Module];

/** The requests of a module or a table of them, as the page asks them. */
export type RequestsOf<Handlers> = {
  [Kind in keyof Handlers]: Handlers[Kind] extends (session: Session, ...rest: infer Rest) => infer Answer
    ? { args: Rest extends [infer Args, ...unknown[]] ? Args : Record<string, never>; value: Awaited<Answer> }
    : never;
};
