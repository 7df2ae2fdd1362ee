import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

import { vocabSize } from './configs.mjs';

/**
 * Another program that trains the same configurations. Each line on its standard input is a JSON object with cell, hidden,
 * batch, seq, layers, vocab and seconds; it answers with one line: the characters that it trained per second of its CPU
 * time. `tests/bench/torch_lm.py` is such a program.
 */
export class Rival {
  #process;
  #answers;

  constructor(command) {
    this.#process = spawn(command, { shell: true, stdio: ['pipe', 'pipe', 'inherit'] });
    this.#process.stdin.on('error', () => {}); // a program that has ended is told of by its missing answer
    this.#answers = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  /** Characters per CPU second, measured for about so many seconds. */
  async rate({ cell, hidden, batch, seq, layers = 1 }, seconds) {
    this.#process.stdin.write(`${JSON.stringify({ cell, hidden, batch, seq, layers, vocab: vocabSize, seconds })}\n`);
    const { value, done } = await this.#answers.next();
    const rate = Number(value);
    if (done || !(rate > 0)) {
      throw new Error(`bench: the other program answered ${done ? 'nothing' : `"${value}"`}, expected a rate above 0`);
    }
    return rate;
  }

  end() {
    this.#process.stdin.end();
  }
}
