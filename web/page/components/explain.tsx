import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { messages } from '../messages.js';

/** How far the popover keeps from the term and from the edges of the window, in CSS pixels. */
const GAP = 8;

/**
 * A term that explains itself: pressing it opens a short text with the formula.
 *
 * It is a popover of the browser, so it lies above everything, moves nothing, closes with Escape, and the focus goes
 * back by itself. Only its place is ours to find.
 */
export function Explain({
  term,
  title,
  children,
  onOpen,
}: {
  term: ComponentChildren;
  title: string;
  children: ComponentChildren;
  onOpen?: () => void;
}) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const popover = useRef<HTMLDivElement>(null);
  const isOpen = useRef(false);

  const place = () => {
    const anchor = button.current?.getBoundingClientRect();
    const box = popover.current;
    if (anchor === undefined || box === null) return;
    const { width, height } = box.getBoundingClientRect();
    const left = Math.min(Math.max(GAP, anchor.left), document.documentElement.clientWidth - width - GAP);
    const below = anchor.bottom + GAP;
    const top = below + height <= window.innerHeight - GAP ? below : Math.max(GAP, anchor.top - height - GAP);
    box.style.left = `${left}px`;
    box.style.top = `${top}px`;
  };

  // Its size changes with what stands in it.
  useLayoutEffect(() => {
    if (isOpen.current) place();
  });

  return (
    <>
      <button ref={button} type="button" class="explain" popovertarget={id} aria-haspopup="dialog">
        {term}
        <span class="visually-hidden">: {messages.explain.more(title)}</span>
      </button>
      <div
        ref={popover}
        id={id}
        popover="auto"
        class="explain-box"
        role="dialog"
        aria-label={title}
        onToggle={(event) => {
          isOpen.current = (event as unknown as ToggleEvent).newState === 'open';
          if (!isOpen.current) return;
          place();
          onOpen?.();
        }}
      >
        <h3>{title}</h3>
        {children}
      </div>
    </>
  );
}
