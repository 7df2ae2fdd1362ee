import type { ComponentType } from 'preact';
import { useApp } from '../components/context.js';
import type { messages } from '../messages.js';
import { bitsPerChar, formatChoices, formatCount, formatDuration, formatLoss, formatPlain } from '../state/format.js';
import { parameterTerms } from '../state/parameters.js';
import { remainingSeconds } from '../state/remaining.js';
import { ExpFormula, LossFormula, SpeedFormula, TemperatureFormula, TimeFormula, UniformFormula } from './formulas.js';
import { explanations as say } from './messages.js';

/** What is explained, and what stands below its title: a few sentences, and the formula with the values on the screen. */
export const bodies: Readonly<Record<keyof typeof messages.explanations, ComponentType>> = {
  vocabulary: Vocabulary,
  parameters: Parameters,
  trainLoss: TrainLoss,
  validationLoss: ValidationLoss,
  speed: Speed,
  time: Time,
  temperature: Temperature,
  fingerprint: Fingerprint,
  uniform: Uniform,
  unigram: () => <p>{say.baselines.unigram.body}</p>,
  bigram: () => <p>{say.baselines.bigram.body}</p>,
};

function Vocabulary() {
  const { store } = useApp();
  const info = store.run.value?.info;
  return (
    <>
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
    </>
  );
}

function Parameters() {
  const { store } = useApp();
  const plan = store.plan.value;
  const terms = plan === null ? [] : parameterTerms(store.config.value, plan.vocabSize);
  return (
    <>
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
    </>
  );
}

function TrainLoss() {
  const { store } = useApp();
  const loss = store.view.value?.curve.lastMean ?? null;
  return (
    <>
      <p>{say.trainLoss.body}</p>
      <LossFormula />
      <Perplexity loss={loss} />
    </>
  );
}

function ValidationLoss() {
  const { store } = useApp();
  const loss = store.view.value?.evaluations.at(-1)?.lossNats ?? null;
  return (
    <>
      <p>{say.validationLoss.body}</p>
      <LossFormula />
      <Perplexity loss={loss} />
    </>
  );
}

/** What a loss means in choices and in bits, with the number on the screen put in. */
function Perplexity({ loss }: { loss: number | null }) {
  if (loss === null) return <p>{say.noValueYet}</p>;
  return (
    <>
      <ExpFormula exponent={formatLoss(loss)} value={formatChoices(Math.exp(loss))} />
      <p>{say.perplexity(formatChoices(Math.exp(loss)), formatLoss(bitsPerChar(loss)))}</p>
    </>
  );
}

function Speed() {
  const { store } = useApp();
  const { batchSize: batch, seqLen: seq } = store.run.value?.config ?? store.config.value;
  return (
    <>
      <p>{say.speed.body}</p>
      <SpeedFormula charsPerStep={`${batch} × ${seq}`} />
    </>
  );
}

function Time() {
  const { store } = useApp();
  const { batchSize: batch, seqLen: seq, steps } = store.run.value?.config ?? store.config.value;
  const seconds = remainingSeconds(store);
  const left = steps - store.step.value;
  return (
    <>
      <p>{say.time.body}</p>
      {seconds !== null && (
        <TimeFormula steps={formatCount(left)} charsPerStep={`${batch} × ${seq}`} time={formatDuration(seconds)} />
      )}
    </>
  );
}

function Fingerprint() {
  const { store } = useApp();
  const fast = store.run.value?.build === 'fast';
  return <p>{fast ? say.fingerprint.fast : say.fingerprint.body}</p>;
}

function Temperature() {
  const { store } = useApp();
  return (
    <>
      <p>{say.temperature.body}</p>
      <TemperatureFormula temperature={formatPlain(store.config.value.temperature)} />
    </>
  );
}

function Uniform() {
  const { store } = useApp();
  const run = store.run.value;
  return (
    <>
      <p>{say.baselines.uniform.body}</p>
      {run?.baselines != null && (
        <UniformFormula vocabSize={formatCount(run.info.vocabSize)} value={formatLoss(run.baselines.uniform)} />
      )}
    </>
  );
}
