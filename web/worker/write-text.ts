import type { LanguageModel } from '../engine/index.js';
import { openingFor } from '../tasks/language/opening.js';
import { Cancelled } from './lock.js';
import type { Token } from './lock.js';
import type { GenerateArgs, Generated } from './protocol.js';

/** Characters between two looks at the clock. */
const CHUNK = 32;

export interface WritingClock {
  readonly now: () => number;
  readonly yieldToEvents: () => Promise<void>;
  readonly sliceMs: number;
  readonly token: Token;
}

/** Twice the same prompt: always the likeliest character, and drawn by the temperature. */
export async function writeTwice(model: LanguageModel, args: GenerateArgs, clock: WritingClock): Promise<Generated> {
  const likeliest = await writeText(model, { ...args, greedy: true }, clock);
  const sampled = await writeText(model, { ...args, greedy: false }, clock);
  return { likeliest, sampled };
}

/** Lets a model write in slices, so that a large model and a long text do not hold up everything else. */
async function writeText(
  model: LanguageModel,
  args: GenerateArgs & { readonly greedy: boolean },
  clock: WritingClock,
): Promise<string> {
  const { temperature, greedy, seed, length } = args;
  const generator = model.createGenerator({
    prompt: openingFor(args.prompt, model.vocabulary),
    temperature,
    greedy,
    seed,
  });
  try {
    let text = '';
    let sliceEnd = clock.now() + clock.sliceMs;
    for (let done = 0; done < length; done += CHUNK) {
      text += generator.next(Math.min(CHUNK, length - done)).text;
      if (clock.now() < sliceEnd) continue;
      await clock.yieldToEvents();
      if (clock.token.cancelled) throw new Cancelled();
      sliceEnd = clock.now() + clock.sliceMs;
    }
    return text;
  } finally {
    generator.delete();
  }
}
