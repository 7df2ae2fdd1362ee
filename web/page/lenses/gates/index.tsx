import { useEffect, useRef } from 'preact/hooks';
import type * as requests from '../../../worker/requests/gates.js';
import type { Gates } from '../../../worker/requests/gates.js';
import { Choice } from '../../components/choice.js';
import { Missing } from '../../components/use-loaded.js';
import { formatCount, formatLoss } from '../../state/format.js';
import type { Reading } from '../../reading/reading.js';
import { visible } from '../../reading/strip.js';
import { useAnswer } from '../use-answer.js';
import { messages } from './messages.js';
import { heatMap, parseColour, rowHeight } from './model.js';
import './style.css';

/** The chosen gate of all units along the reading, while the network is trained. */
export default function GatesLens(reading: Reading) {
  const { characters, shown, layers } = reading;
  const args = { text: characters.join(''), layer: shown.layer, gate: shown.gate };
  const seen = useAnswer<typeof requests>('gates', args, JSON.stringify(args));
  if (seen === 'missing') return <Missing />;
  if (seen === null || seen.values.length !== seen.units * characters.length) return null;
  const name = messages.names[seen.gate] ?? seen.gate;
  const value = seen.values[shown.position * seen.units + shown.unit] ?? 0;
  return (
    <>
      <HeatMap seen={seen} reading={reading} />
      <div class="gates-controls">
        <Choice
          legend={messages.part}
          options={seen.names.map((letter) => ({ value: letter, label: messages.names[letter] ?? letter }))}
          value={seen.gate}
          onChange={(gate) => reading.select({ gate })}
        />
        {layers > 1 && (
          <Choice
            legend={messages.layer}
            options={Array.from({ length: layers }, (_, i) => ({
              value: String(i),
              label: `${messages.layer} ${i + 1}`,
            }))}
            value={String(shown.layer)}
            onChange={(layer) => reading.select({ layer: Number(layer) })}
          />
        )}
        <span class="gates-at">
          {messages.at(name, formatCount(shown.unit + 1), visible(characters[shown.position] ?? ''), formatLoss(value))}
        </span>
        <span>
          <span class="gates-scale" aria-hidden="true" /> {messages.scale}, {messages.step(formatCount(seen.step))}
        </span>
      </div>
    </>
  );
}

function HeatMap({ seen, reading }: { seen: Gates; reading: Reading }) {
  const { characters, shown } = reading;
  const canvas = useRef<HTMLCanvasElement>(null);
  const row = useRef<HTMLDivElement>(null);
  const column = useRef<HTMLDivElement>(null);
  const height = rowHeight(seen.units);

  useEffect(() => draw(canvas.current!, seen, characters.length), [seen, characters.length]);
  // Through the object model and not as attributes, which the page's content policy forbids.
  useEffect(() => {
    const { style } = canvas.current!;
    style.width = `calc(${characters.length} * var(--character))`;
    style.height = `${height * seen.units}px`;
    row.current!.style.top = `${height * shown.unit}px`;
    row.current!.style.height = `${height}px`;
    column.current!.style.left = `calc(${shown.position} * var(--character))`;
  }, [height, seen.units, characters.length, shown.unit, shown.position]);

  const under = (event: PointerEvent | MouseEvent): { position: number; unit: number } => {
    const box = canvas.current!.getBoundingClientRect();
    return {
      position: Math.floor(((event.clientX - box.left) / box.width) * characters.length),
      unit: Math.floor(((event.clientY - box.top) / box.height) * seen.units),
    };
  };
  return (
    <div class="gates-map">
      <canvas
        ref={canvas}
        role="img"
        aria-label={messages.map(messages.names[seen.gate] ?? seen.gate, formatCount(seen.units))}
        onPointerMove={(event) => reading.point(under(event))}
        onPointerLeave={() => reading.point(null)}
        onClick={(event) => reading.select(under(event))}
      />
      <div ref={row} class="gates-row" />
      <div ref={column} class="gates-column" />
    </div>
  );
}

function draw(canvas: HTMLCanvasElement, { values, units }: Gates, positions: number): void {
  const style = getComputedStyle(canvas);
  const colour = (name: string) => parseColour(style.getPropertyValue(name));
  const colours = {
    zero: colour('--gate-zero'),
    positive: colour('--gate-positive'),
    negative: colour('--gate-negative'),
  };
  canvas.width = positions;
  canvas.height = units;
  canvas.getContext('2d')?.putImageData(new ImageData(heatMap(values, units, colours), positions, units), 0, 0);
}
