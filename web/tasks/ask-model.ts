import type { Model } from '../engine/index.js';

/** An answer of the network of a trainer as it is now. */
export function askModel<Kind extends Model, Answer>(
  trainer: { model(): Kind },
  question: (model: Kind) => Answer,
): Answer {
  const model = trainer.model();
  try {
    return question(model);
  } finally {
    model.delete();
  }
}
