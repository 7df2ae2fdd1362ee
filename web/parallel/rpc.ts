/**
 * Questions to another thread, and their answers: for the page and its training worker, and for replicas among themselves.
 *
 * A request has an id and ends in exactly one answer. What is asked for is a table of functions; both ends derive their
 * types from it. How messages travel is the callers' business.
 */

/** What can be asked for, by kind. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- any argument and any value may travel
export type RequestTable = Record<string, { args: any; value: any }>;

export type Request<Table extends RequestTable, Kind extends keyof Table = keyof Table> = {
  [K in Kind]: { readonly kind: K; readonly id: number; readonly args: Table[K]['args'] };
}[Kind];

export type Answer =
  | { readonly kind: 'ok'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly code: string; readonly message: string };

/** The code of a request that was overtaken by a later one. */
export const CANCELLED = 'CANCELLED';

/** A request that nobody has answered yet. */
interface Open {
  readonly request: { readonly id: number };
  resolve(value: unknown): void;
  reject(reason: Error): void;
}

/** The end that asks: requests as promises. */
export class Asker<Table extends RequestTable> {
  readonly #errorOf: (code: string, message: string) => Error;
  readonly #open = new Map<number, Open>();
  #lastId = 0;

  /** @param errorOf what a promise rejects with when the other end refuses */
  constructor(errorOf: (code: string, message: string) => Error) {
    this.#errorOf = errorOf;
  }

  send<Kind extends keyof Table>(
    kind: Kind,
    args: Table[Kind]['args'],
    post: (request: Request<Table, Kind>) => void,
  ): { id: number; answer: Promise<Table[Kind]['value']> } {
    const id = ++this.#lastId;
    const request = { kind, id, args } as Request<Table, Kind>;
    const answer = new Promise<unknown>((resolve, reject) => this.#open.set(id, { request, resolve, reject }));
    post(request);
    return { id, answer };
  }

  /** An answer has come; one that nobody waits for any more is dropped. */
  receive(answer: Answer): void {
    const waiting = this.#open.get(answer.id);
    this.#open.delete(answer.id);
    if (answer.kind === 'ok') waiting?.resolve(answer.value);
    else waiting?.reject(this.#errorOf(answer.code, answer.message));
  }

  /** Nobody is going to answer: whoever waits gets the error. */
  fail(error: Error): void {
    for (const { reject } of this.#open.values()) reject(error);
    this.#open.clear();
  }

  /** The requests that are open, in their order, to be put to somebody else. */
  get open(): readonly Request<Table>[] {
    return [...this.#open.values()].map(({ request }) => request as Request<Table>);
  }
}

/** The end that answers: does the work, and makes exactly one answer of how it ended. */
export async function answerTo(id: number, work: () => unknown): Promise<Answer> {
  try {
    return { kind: 'ok', id, value: await work() };
  } catch (error) {
    // The stable code of an engine's error; anything else is a mistake of ours or of the browser.
    const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'INTERNAL';
    return { kind: 'error', id, code, message: error instanceof Error ? error.message : String(error) };
  }
}
