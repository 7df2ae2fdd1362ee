import type { ComponentChildren, ComponentType } from 'preact';
import { useState } from 'preact/hooks';
import { messages } from '../messages.js';
import { Explain } from './explain.js';
import { Missing } from './use-loaded.js';

/** A term that is explained with the values on the screen. What that takes is loaded when one is opened for the first time. */
export function ExplainTerm({
  about,
  children,
}: {
  about: keyof typeof messages.explanations;
  children: ComponentChildren;
}) {
  const [Body, setBody] = useState<ComponentType | null>(null);
  const load = async (): Promise<void> => {
    try {
      const { bodies } = await import('../explanations/bodies.js');
      setBody(() => bodies[about]);
    } catch {
      setBody(() => Missing);
    }
  };
  return (
    <Explain term={children} title={messages.explanations[about]} onOpen={() => void load()}>
      {Body !== null && <Body />}
    </Explain>
  );
}
