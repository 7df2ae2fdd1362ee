/** What a network is doing. There is one such state for each, and nothing else says the same. */
export type RunState =
  /** It is being made; what was there before, if anything, can still be seen. */
  | { readonly is: 'preparing' }
  | { readonly is: 'idle' }
  /** Until so many steps are done: one more, or `Infinity` for as many as there are. */
  | { readonly is: 'training'; readonly until: number }
  /** Somebody has pressed Pause; the slice under way goes on. */
  | { readonly is: 'pausing' }
  /** Its last step is done. */
  | { readonly is: 'done' }
  /** None can be made of the settings, or its numbers are none any more: then only rewinding helps. */
  | { readonly is: 'failed'; readonly why: 'refused' | 'overflowed' };

/** Which states may follow which. */
const FOLLOWING: { readonly [Is in RunState['is']]: readonly RunState['is'][] } = {
  preparing: ['preparing', 'idle', 'done', 'failed'],
  idle: ['preparing', 'idle', 'training', 'failed'],
  training: ['preparing', 'idle', 'training', 'pausing', 'done', 'failed'],
  pausing: ['preparing', 'idle', 'training', 'done', 'failed'],
  done: ['preparing', 'idle'],
  failed: ['preparing', 'idle', 'training', 'failed'],
};

/** The state after this one. One that cannot follow is news of something that is over, and changes nothing. */
export function following(state: RunState, next: RunState): RunState {
  return FOLLOWING[state.is].includes(next.is) ? next : state;
}

/** Where a state leads when what was begun in it comes to nothing. */
export function atRest(state: RunState): RunState {
  return state.is === 'done' || state.is === 'failed' ? state : { is: 'idle' };
}

/** Whether it is trained until somebody pauses it, and has not stopped yet. */
export function isRunning(state: RunState): boolean {
  return state.is === 'pausing' || (state.is === 'training' && state.until === Infinity);
}

/** Whether nothing is under way. */
export function isAtRest({ is }: RunState): boolean {
  return is === 'idle' || is === 'done' || is === 'failed';
}
