import { factsOf } from '../../engine/cells.js';
import type { Cell } from '../../links/run-config.js';
import { messages } from '../messages.js';
import { formatCount } from '../state/format.js';
import { MARKED, splitExcerpt } from '../state/excerpt.js';
import { useApp } from './context.js';

/** Layers that are drawn; of more than these the middle ones are left out and counted in words. */
const DRAWN_LAYERS = 3;
const COLUMNS = MARKED - 1;

const WIDTH = 400;
const LEFT = 86;
const COLUMN = (WIDTH - LEFT - 6) / COLUMNS;
const BOX_WIDTH = 40;
const ROW = 46;

/** Characters that leave no ink are drawn as the sign that stands for them. */
const SIGNS: Readonly<Record<string, string>> = { ' ': '␣', '\n': '↵', '\t': '⇥' };

/**
 * The network unrolled in time, on the very characters that are marked in the excerpt.
 *
 * Every column is the same cell one character later. What it hands to the right is its state: one arrow, or two where
 * there is a cell state beside it.
 */
export function NetworkDiagram() {
  const { store } = useApp();
  const { cell, hiddenSize: hidden, numLayers: layers, embeddingDim: embedding } = store.config.value;
  const characters = splitExcerpt(store.run.value?.excerpt ?? '').marked;
  const vocab = store.plan.value?.vocabSize;
  const vocabWords = vocab === undefined ? '…' : formatCount(vocab);
  const name = messages.network.cells[cell];
  const rows = Math.min(layers, DRAWN_LAYERS);

  const boxHeight = 28;
  const topY = 12;
  const layerY = (layer: number) => topY + 36 + (rows - 1 - layer) * ROW;
  const bottomY = layerY(0) + boxHeight + 38;
  const height = bottomY + 14;
  const centre = (column: number) => LEFT + COLUMN * (column + 0.5);

  return (
    <svg
      class="diagram"
      viewBox={`0 0 ${WIDTH} ${height}`}
      role="img"
      aria-label={messages.network.diagram(name, layers, formatCount(hidden), vocabWords)}
    >
      <defs>
        <marker
          id="arrow"
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="6"
          markerHeight="6"
          orient="auto-start-reverse"
        >
          <path d="M0 0.8 7 4 0 7.2z" class="diagram-head" />
        </marker>
      </defs>

      <text class="diagram-label" x="0" y={topY + 1}>
        {messages.network.guesses}
      </text>
      <text class="diagram-size" x="0" y={topY + 15}>
        {messages.network.odds(vocabWords)}
      </text>
      <text class="diagram-label" x="0" y={(layerY(rows - 1) + layerY(0) + boxHeight) / 2 - 1}>
        {name}
      </text>
      <text class="diagram-size" x="0" y={(layerY(rows - 1) + layerY(0) + boxHeight) / 2 + 13}>
        {layers > 1 ? `${layers} × ` : ''}
        {messages.network.units(formatCount(hidden))}
      </text>
      <text class="diagram-label" x="0" y={bottomY - 4}>
        {messages.network.reads}
      </text>
      <text class="diagram-size" x="0" y={bottomY + 10}>
        {embedding === 0 ? messages.network.oneHot(vocabWords) : `${formatCount(embedding)} numbers`}
      </text>

      {Array.from({ length: COLUMNS }, (_, column) => (
        <g key={column}>
          <Character x={centre(column)} y={bottomY} text={characters[column]} />
          <line
            class="diagram-arrow"
            x1={centre(column)}
            y1={bottomY - 14}
            x2={centre(column)}
            y2={layerY(0) + boxHeight + 3}
          />
          {Array.from({ length: rows }, (_, layer) => (
            <g key={layer}>
              <rect
                class="diagram-cell"
                x={centre(column) - BOX_WIDTH / 2}
                y={layerY(layer)}
                width={BOX_WIDTH}
                height={boxHeight}
                rx="5"
              />
              {layer > 0 && (
                <line
                  class="diagram-arrow"
                  x1={centre(column)}
                  y1={layerY(layer - 1) - 1}
                  x2={centre(column)}
                  y2={layerY(layer) + boxHeight + 3}
                />
              )}
              {stateLanes(cell).map((lane) => (
                <line
                  key={lane}
                  class="diagram-arrow diagram-state"
                  x1={centre(column) + BOX_WIDTH / 2}
                  y1={layerY(layer) + boxHeight * lane}
                  x2={column === COLUMNS - 1 ? WIDTH - 2 : centre(column + 1) - BOX_WIDTH / 2 - 3}
                  y2={layerY(layer) + boxHeight * lane}
                />
              ))}
            </g>
          ))}
          <line
            class="diagram-arrow"
            x1={centre(column)}
            y1={layerY(rows - 1) - 1}
            x2={centre(column)}
            y2={topY + 15}
          />
          <Character x={centre(column)} y={topY} text={characters[column + 1]} guess />
        </g>
      ))}
    </svg>
  );
}

/** The heights, as shares of the box, at which states go on: a cell with a state of its own hands on two. */
function stateLanes(cell: Cell): readonly number[] {
  return factsOf(cell).states === 'hc' ? [0.3, 0.7] : [0.5];
}

function Character({ x, y, text, guess = false }: { x: number; y: number; text: string | undefined; guess?: boolean }) {
  return (
    <text class={guess ? 'diagram-char diagram-guess' : 'diagram-char'} x={x} y={y + 5} text-anchor="middle">
      {text === undefined ? '' : (SIGNS[text] ?? text)}
    </text>
  );
}
