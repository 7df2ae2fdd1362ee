import { messages } from '../messages.js';
import { formatCount, formatLoss } from '../state/format.js';
import { useApp } from './context.js';
import { SampleText } from './sample-panel.js';

/** All samples of this run, newest first, so that the reader can follow how chance becomes spelling. */
export function SampleHistory() {
  const { store } = useApp();
  const view = store.view.value;
  const prompt = store.run.value?.config.prompt ?? '';
  const losses = new Map(view?.evaluations.map(({ step, lossNats }) => [step, lossNats]));
  const samples = view === null ? [] : [...view.samples].reverse();
  return (
    <section class="history" aria-labelledby="history-heading">
      <div class="section-head">
        <h2 id="history-heading">{messages.history.heading}</h2>
        <p>{messages.history.intro}</p>
      </div>
      <ol class="history-list" tabIndex={0} aria-label={messages.history.list} reversed>
        {samples.map((sample) => {
          const loss = losses.get(sample.step);
          return (
            <li key={sample.step} class="history-item">
              <div class="history-when">
                <span class="history-step">
                  {sample.step === 0 ? messages.history.untrained : messages.history.step(formatCount(sample.step))}
                </span>
                {loss !== undefined && <span class="history-loss">{messages.history.loss(formatLoss(loss))}</span>}
              </div>
              <div class="history-text">
                <SampleText prompt={prompt} text={sample.text} />
              </div>
            </li>
          );
        })}
        {samples.length < 2 && <li class="history-empty">{messages.history.empty}</li>}
      </ol>
    </section>
  );
}
