import { describe, expect, it } from 'vitest';
import { CELL_NAMES, CELLS } from '../../web/engine/cells.js';
import { NETWORK_FIELDS } from '../../web/links/shared-fields.js';
import { engine } from '../engine/engine.js';
import { rawModule } from '../engine/raw-module.js';

/** The table of cells exists twice, in TypeScript and in C++. Here each says what it knows, of every cell. */
describe('the tables of cells of both sides', () => {
  it('name the same cells in the same order', async () => {
    const module = await rawModule();
    const answer = module.createRnn({ cell: '?', inputSize: 1, hiddenSize: 1 });
    expect(answer).toMatchObject({ ok: false, code: 'INVALID_ARGUMENT' });
    const [, known] = /expected (.*)$/.exec((answer as unknown as { message: string }).message)!;
    expect(known!.split(/, | or /)).toEqual(CELL_NAMES);
  });

  it('is what the command line says that there is', () => {
    const words = NETWORK_FIELDS.cell.help.split(';')[0]!.split(', ');
    expect(words).toEqual(CELL_NAMES.map((cell) => CELLS[cell].word));
  });

  it.each(CELL_NAMES)('agree on %s', (cell) => {
    const facts = CELLS[cell];
    using model = engine.createLanguageModel({ cell, hiddenSize: 3, vocabulary: 'ab' });
    const rows = model.stateDict().get('rnn.weight_hh_l0')!.shape[0]! / 3;
    const { gateNames, layers } = model.probe('ab');
    expect({
      blocks: rows,
      gates: gateNames,
      states: layers[0]!.c === null ? 'h' : 'hc',
      parameterCount: model.parameterCount,
    }).toEqual({
      blocks: facts.blocks,
      gates: [...facts.gates],
      states: facts.states,
      parameterCount: facts.blocks * 3 * (2 + 3 + 2) + 2 * (3 + 1),
    });
  });

  it.each(CELL_NAMES)('add the forget bias to the block f of %s, and to no other', (cell) => {
    const bias = (forgetBias: number): Float32Array => {
      using rnn = engine.createRnn({ cell, inputSize: 2, hiddenSize: 3, forgetBias });
      return rnn.stateDict().get('bias_ih_l0')!.data;
    };
    const [plain, raised] = [bias(0), bias(8)];
    const moved = Array.from({ length: CELLS[cell].blocks }, (_, block) => raised[3 * block]! - plain[3 * block]! > 4);
    expect(moved).toEqual(moved.map((_, block) => (CELLS[cell].gates as string)[block] === 'f'));
  });
});
