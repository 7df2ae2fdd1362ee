const PATHS = {
  play: 'M5 3.2v9.6L13 8z',
  pause: 'M4 3h3v10H4zM9 3h3v10H9z',
  step: 'M3 3.2v9.6L9.6 8zM10.6 3h2v10h-2z',
  rewind: 'M3.4 3h2v10h-2zM13 3.2v9.6L6.4 8z',
  seed: 'M3 2.5h10a.5.5 0 0 1 .5.5v10a.5.5 0 0 1-.5.5H3a.5.5 0 0 1-.5-.5V3a.5.5 0 0 1 .5-.5zM3.8 3.8v8.4h8.4V3.8zM5.5 4.6a1 1 0 1 1 0 2 1 1 0 0 1 0-2zM8 7a1 1 0 1 1 0 2 1 1 0 0 1 0-2zM10.5 9.4a1 1 0 1 1 0 2 1 1 0 0 1 0-2z',
  link: 'M6.7 9.3a2.6 2.6 0 0 0 3.7 0l2.3-2.3a2.6 2.6 0 0 0-3.7-3.7l-1 1 1 1 1-1a1.2 1.2 0 0 1 1.7 1.7L9.4 8.3a1.2 1.2 0 0 1-1.7 0zM9.3 6.7a2.6 2.6 0 0 0-3.7 0L3.3 9a2.6 2.6 0 0 0 3.7 3.7l1-1-1-1-1 1A1.2 1.2 0 0 1 4.3 10l2.3-2.3a1.2 1.2 0 0 1 1.7 0z',
} as const;

/** A small picture beside a word; it says nothing that the word does not, so screen readers pass over it. */
export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} fill-rule="evenodd" />
    </svg>
  );
}
