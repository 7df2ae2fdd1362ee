import { useEffect, useState } from 'preact/hooks';
import { messages } from '../messages.js';
import { useApp } from './context.js';

/** The whole page takes a dropped file: a text to read, or a model to open. */
export function DropTarget() {
  const { controller } = useApp();
  const [over, setOver] = useState(false);

  useEffect(() => {
    // Entering a child also leaves its parent, so the two are counted.
    let depth = 0;
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
    const enter = (event: DragEvent): void => {
      if (hasFiles(event)) setOver(++depth > 0);
    };
    const leave = (event: DragEvent): void => {
      if (hasFiles(event)) setOver(--depth > 0);
    };
    const allow = (event: DragEvent): void => {
      if (hasFiles(event)) event.preventDefault();
    };
    const drop = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      // They are gone when the event is over.
      const files = [...(event.dataTransfer?.files ?? [])];
      void controller.bring((importer) => importer.drop(files));
    };
    const stop = new AbortController();
    const { signal } = stop;
    addEventListener('dragenter', enter, { signal });
    addEventListener('dragleave', leave, { signal });
    addEventListener('dragover', allow, { signal });
    addEventListener('drop', drop, { signal });
    return () => stop.abort();
  }, [controller]);

  return over ? (
    <div class="drop-target" aria-hidden="true">
      {messages.text.dropHere}
    </div>
  ) : null;
}
