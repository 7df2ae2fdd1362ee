import { useId } from 'preact/hooks';

export interface Option<T extends string> {
  readonly value: T;
  readonly label: string;
}

/** One of a few: radio buttons that look like a row of keys. Arrow keys move, as in every radio group. */
export function Choice<T extends string>(props: {
  legend: string;
  options: readonly Option<T>[];
  value: T;
  onChange: (value: T) => void;
  class?: string;
}) {
  const name = useId();
  return (
    <fieldset class={`choice ${props.class ?? ''}`}>
      <legend class="visually-hidden">{props.legend}</legend>
      {props.options.map(({ value, label }) => (
        <label key={value} class="choice-key">
          <input
            type="radio"
            class="visually-hidden"
            name={name}
            value={value}
            checked={value === props.value}
            onChange={() => props.onChange(value)}
          />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}
