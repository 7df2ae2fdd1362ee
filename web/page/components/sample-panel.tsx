import { messages } from '../messages.js';
import { formatCount, formatPlain } from '../state/format.js';
import { useApp } from './context.js';
import { Problem } from './problem.js';

/** What the network writes now. Before training it is the strongest argument for training. */
export function SamplePanel() {
  const { store } = useApp();
  const sample = store.view.value?.samples.at(-1);
  return (
    <section class="panel" aria-labelledby="sample-heading">
      <h2 id="sample-heading">{messages.sample.heading}</h2>
      <p class="sample-when">
        {sample === undefined
          ? messages.sample.waiting
          : sample.step === 0
            ? messages.sample.untrained
            : messages.sample.atStep(formatCount(sample.step))}
      </p>
      <div class="sample" tabIndex={0} role="group" aria-labelledby="sample-heading">
        <SampleText prompt={store.run.value?.config.prompt ?? ''} text={sample?.text ?? ''} />
      </div>
      <p class="panel-note">
        <span>{useRecipe()}</span>
        <span class="panel-about">{messages.sample.sameDice}</span>
      </p>
      <Problem place="sample" />
    </section>
  );
}

/** A text by the network: the prompt it was given, set apart, and how it went on. */
export function SampleText({ prompt, text }: { prompt: string; text: string }) {
  return (
    <bdi class="writing-text">
      {prompt !== '' && <span class="prompt-part">{prompt}</span>}
      {text}
    </bdi>
  );
}

/** How the samples of this run are made, in words. */
function useRecipe(): string {
  const { store } = useApp();
  const { prompt, temperature, sampleSeed, greedy } = store.run.value?.config ?? store.config.value;
  return greedy
    ? messages.sample.recipeGreedy(prompt)
    : messages.sample.recipe(prompt, formatPlain(temperature), formatPlain(sampleSeed));
}
