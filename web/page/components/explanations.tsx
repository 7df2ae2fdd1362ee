import type { ComponentChildren } from 'preact';
import { messages } from '../messages.js';
import { bitsPerChar, formatCount, formatDuration, formatLoss, formatPlain, formatRate } from '../state/format.js';
import { parameterTerms } from '../state/parameters.js';
import { remainingSeconds } from '../state/remaining.js';
import { useApp } from './context.js';
import { Explain } from './explain.js';
import { ExpFormula, LossFormula, SpeedFormula, TemperatureFormula, TimeFormula, UniformFormula } from './formulas.js';

type Term = { children: ComponentChildren };
const { explanations: say } = messages;

export function ExplainVocabulary({ children }: Term) {
  const { store } = useApp();
  const info = store.run.value?.info;
  return (
    <Explain term={children} title={say.vocabulary.title}>
      <p>{say.vocabulary.body}</p>
      {info !== undefined && (
        <p>
          {say.vocabulary.split(
            formatCount(info.trainChars),
            formatCount(info.validationChars),
            formatCount(info.testChars),
          )}
        </p>
      )}
    </Explain>
  );
}

export function ExplainParameters({ children }: Term) {
  const { store } = useApp();
  const plan = store.plan.value;
  const terms = plan === null ? [] : parameterTerms(store.config.value, plan.vocabSize);
  return (
    <Explain term={children} title={say.parameters.title}>
      <p>{say.parameters.body}</p>
      <table class="sum">
        <tbody>
          {terms.map(({ part, factors, count }) => (
            <tr key={part}>
              <th scope="row">{say.parameters.parts[part]}</th>
              <td>{factors}</td>
              <td>{formatCount(count)}</td>
            </tr>
          ))}
          <tr class="sum-total">
            <th scope="row">{say.parameters.total}</th>
            <td />
            <td>{plan !== null && formatCount(plan.parameterCount)}</td>
          </tr>
        </tbody>
      </table>
    </Explain>
  );
}

export function ExplainTrainLoss({ children }: Term) {
  const { store } = useApp();
  const loss = store.view.value?.curve.lastMean ?? null;
  return (
    <Explain term={children} title={say.trainLoss.title}>
      <p>{say.trainLoss.body}</p>
      <LossFormula />
      <Perplexity loss={loss} />
    </Explain>
  );
}

export function ExplainValidationLoss({ children }: Term) {
  const { store } = useApp();
  const loss = store.view.value?.evaluations.at(-1)?.lossNats ?? null;
  return (
    <Explain term={children} title={say.validationLoss.title}>
      <p>{say.validationLoss.body}</p>
      <LossFormula />
      <Perplexity loss={loss} />
    </Explain>
  );
}

/** What a loss means in choices and in bits, with the number on the screen put in. */
function Perplexity({ loss }: { loss: number | null }) {
  if (loss === null) return <p>{say.noValueYet}</p>;
  return (
    <>
      <ExpFormula exponent={formatLoss(loss)} value={formatRate(Math.exp(loss))} />
      <p>{say.perplexity(formatRate(Math.exp(loss)), formatLoss(bitsPerChar(loss)))}</p>
    </>
  );
}

export function ExplainSpeed({ children }: Term) {
  const { store } = useApp();
  const { batch, seq } = store.run.value?.config ?? store.config.value;
  return (
    <Explain term={children} title={say.speed.title}>
      <p>{say.speed.body}</p>
      <SpeedFormula charsPerStep={`${batch} × ${seq}`} />
    </Explain>
  );
}

export function ExplainTime({ children }: Term) {
  const { store } = useApp();
  const { batch, seq, steps } = store.run.value?.config ?? store.config.value;
  const seconds = remainingSeconds(store);
  const left = steps - store.step.value;
  return (
    <Explain term={children} title={say.time.title}>
      <p>{say.time.body}</p>
      {seconds !== null && (
        <TimeFormula steps={formatCount(left)} charsPerStep={`${batch} × ${seq}`} time={formatDuration(seconds)} />
      )}
    </Explain>
  );
}

export function ExplainFingerprint({ children }: Term) {
  const { store } = useApp();
  const fast = store.run.value?.build === 'fast';
  return (
    <Explain term={children} title={say.fingerprint.title}>
      <p>{fast ? say.fingerprint.fast : say.fingerprint.body}</p>
    </Explain>
  );
}

export function ExplainTemperature({ children }: Term) {
  const { store } = useApp();
  return (
    <Explain term={children} title={say.temperature.title}>
      <p>{say.temperature.body}</p>
      <TemperatureFormula temperature={formatPlain(store.config.value.temperature)} />
    </Explain>
  );
}

export function ExplainBaseline({ kind, children }: Term & { kind: 'uniform' | 'unigram' | 'bigram' }) {
  const { store } = useApp();
  const run = store.run.value;
  return (
    <Explain term={children} title={say.baselines[kind].title}>
      <p>{say.baselines[kind].body}</p>
      {kind === 'uniform' && run?.baselines != null && (
        <UniformFormula vocabSize={formatCount(run.info.vocabSize)} value={formatLoss(run.baselines.uniform)} />
      )}
    </Explain>
  );
}
