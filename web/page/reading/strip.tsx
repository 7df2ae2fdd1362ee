import { useEffect, useRef } from 'preact/hooks';
import { formatCount } from '../state/format.js';
import { messages } from './messages.js';

/** The reading, drawn once; what is below it is aligned with its characters. Arrow keys move the selection. */
export function Strip(props: {
  characters: readonly string[];
  position: number;
  onKey: (key: string) => boolean;
  onPoint: (position: number | null) => void;
  onSelect: (position: number) => void;
}) {
  const { characters, position } = props;
  const strip = useRef<HTMLDivElement>(null);
  useEffect(() => {
    strip.current?.children[position]?.scrollIntoView?.({ block: 'nearest', inline: 'nearest' });
  }, [position]);
  return (
    <div
      ref={strip}
      class="strip"
      role="slider"
      tabIndex={0}
      aria-label={messages.label}
      aria-description={messages.keys}
      aria-valuemin={1}
      aria-valuemax={characters.length}
      aria-valuenow={position + 1}
      aria-valuetext={messages.at(named(characters[position] ?? ''), formatCount(position + 1))}
      onKeyDown={(event) => {
        if (!event.ctrlKey && !event.metaKey && !event.altKey && props.onKey(event.key)) event.preventDefault();
      }}
      onPointerLeave={() => props.onPoint(null)}
    >
      {characters.map((character, i) => (
        <span
          key={i}
          class={i === position ? 'strip-character strip-selected' : 'strip-character'}
          onPointerEnter={() => props.onPoint(i)}
          onClick={() => props.onSelect(i)}
        >
          {visible(character)}
        </span>
      ))}
    </div>
  );
}

const SIGNS: Readonly<Record<string, string>> = { ' ': '·', '\n': '↵', '\t': '⇥' };

/** A character as a sign of one place. */
export const visible = (character: string): string => SIGNS[character] ?? character;

const named = (character: string): string => messages.names[character] ?? character;
