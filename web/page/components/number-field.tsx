import { useEffect, useId, useState } from 'preact/hooks';
import { describeRange } from '../../links/check-config.js';
import { LIMITS } from '../../links/run-config.js';
import type { NumberKey } from '../../links/run-config.js';
import { LANGUAGE_FIELDS } from '../../links/tasks.js';
import { messages } from '../messages.js';
import { formatPlain } from '../state/format.js';
import { isAllowed, neighbour, parseNumber } from '../state/settings.js';
import { useApp } from './context.js';
import { Explain } from './explain.js';

/**
 * A number of the configuration.
 *
 * What is typed counts as soon as it is a value that works. Until then the sentence below says what is expected and
 * what is still in use. Up and down arrows go to the next sensible value, which for sizes is the double or the half.
 * A compact field keeps its explanation behind its name.
 */
export function NumberField({
  name,
  note,
  compact = false,
}: {
  name: NumberKey;
  note?: string | undefined;
  compact?: boolean;
}) {
  const { store, controller } = useApp();
  const id = useId();
  const [draft, setDraft] = useState<string | null>(null);
  const value = store.config.value[name];
  const { label, help } = LANGUAGE_FIELDS[name];
  const problem = draft === null ? null : refuse(name, draft, value);

  // A value that came from elsewhere, from a link or from "put it back", replaces what was typed here.
  useEffect(() => {
    setDraft((typed) => (typed !== null && parseNumber(typed) === value ? typed : null));
  }, [value]);

  const type = (typed: string) => {
    setDraft(typed);
    const number = parseNumber(typed);
    if (isAllowed(name, number)) controller.change({ [name]: number });
  };
  const move = (direction: 1 | -1) => {
    setDraft(null);
    controller.change({ [name]: neighbour(name, value, direction) });
  };

  return (
    <div class="field">
      {compact ? (
        <div class="field-label">
          <Explain term={label} title={label}>
            <p>{help}</p>
          </Explain>
        </div>
      ) : (
        <label for={id}>{label}</label>
      )}
      <div class="stepper">
        <button
          type="button"
          tabIndex={-1}
          aria-hidden="true"
          disabled={value <= LIMITS[name].min}
          onClick={() => move(-1)}
        >
          −
        </button>
        <input
          id={id}
          type="text"
          inputMode="decimal"
          autoComplete="off"
          spellcheck={false}
          role="spinbutton"
          aria-label={label}
          {...spokenRange(name, value)}
          aria-invalid={problem !== null}
          aria-describedby={`${id}-about`}
          value={draft ?? formatPlain(value)}
          onInput={(event) => type(event.currentTarget.value)}
          onBlur={() => problem === null && setDraft(null)}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
            event.preventDefault();
            move(event.key === 'ArrowUp' ? 1 : -1);
          }}
        />
        <button
          type="button"
          tabIndex={-1}
          aria-hidden="true"
          disabled={value >= LIMITS[name].max}
          onClick={() => move(1)}
        >
          +
        </button>
      </div>
      <p id={`${id}-about`} class={problem === null ? 'field-about' : 'field-about problem'} aria-live="polite">
        {problem ?? note ?? (compact ? '' : help)}
      </p>
    </div>
  );
}

/** In decimals: 1e-9, as JavaScript would write the smallest learning rate, is no number to ARIA. */
function spokenRange(name: NumberKey, value: number): Record<string, string> {
  const { min, max } = LIMITS[name];
  return {
    'aria-valuenow': formatPlain(value),
    'aria-valuemin': formatPlain(min),
    'aria-valuemax': formatPlain(max),
  };
}

function refuse(name: NumberKey, draft: string, kept: number): string | null {
  return isAllowed(name, parseNumber(draft))
    ? null
    : messages.settings.refused(draft.trim(), describeRange(name), formatPlain(kept));
}
