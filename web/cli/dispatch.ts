import { TextError } from '../corpora/edition.js';
import { UnrollError } from '../engine/index.js';
import { LinkError } from '../links/index.js';
import { nearest } from '../links/nearest.js';
import { show } from '../links/show.js';
import { CliError, UsageError } from './cli-error.js';
import type { Command } from './command.js';
import { classify } from './commands/classify.js';
import { evaluate } from './commands/evaluate.js';
import { generate } from './commands/generate.js';
import { link } from './commands/link.js';
import { run } from './commands/run.js';
import { train } from './commands/train.js';
import { parseFlags } from './flags.js';
import { commandHelp, HELP_FLAG, overview, packageVersion } from './help.js';
import { noteMistake } from './mistakes.js';
import { note, print, printAll } from './terminal.js';

const COMMANDS: readonly Command[] = [train, generate, evaluate, classify, run, link];

/** Does what a command line says. Resolves to the exit code: 0, 1 for a failure, 2 for a command line that is wrong. */
export async function dispatch(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === 'help') {
    await printAll(overview(COMMANDS));
    return 0;
  }
  if (name === '--version') {
    print(await packageVersion());
    return 0;
  }
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command) return runCommand(command, rest);
  const meant = nearest(
    name,
    COMMANDS.map((candidate) => candidate.name),
  );
  note(
    `unroll: there is no command ${show(name)}${meant ? `; did you mean "${meant}"?` : ''} (unroll --help shows all)`,
  );
  return 2;
}

async function runCommand(command: Command, args: readonly string[]): Promise<number> {
  try {
    const parsed = parseFlags(args, [...command.flags, HELP_FLAG]);
    if (parsed.flags.has('help')) {
      await printAll(commandHelp(command));
      return 0;
    }
    checkPositionals(command, parsed.positionals);
    return await command.run(parsed);
  } catch (error) {
    return report(command, error);
  }
}

function checkPositionals({ positional, takesMany }: Command, found: readonly string[]): void {
  if (positional !== null && found.length === 0) throw new UsageError(`${positional} is missing`);
  const unexpected = takesMany ? undefined : found[positional === null ? 0 : 1];
  if (unexpected !== undefined)
    throw new UsageError(`${show(unexpected)} is not expected; every value belongs to a flag`);
}

function report({ name }: Command, error: unknown): number {
  if (error instanceof UsageError) {
    note(`unroll ${name}: ${error.message} (unroll ${name} --help shows all flags)`);
    return 2;
  }
  if (isExpected(error)) note(`unroll ${name}: ${error.message}`);
  else noteMistake(`unroll ${name}`, error);
  return 1;
}

/** Refusals of the engine, of links and of texts have a sentence, as ours have; everything else is a mistake of ours. */
function isExpected(error: unknown): error is Error {
  if (error instanceof UnrollError) return error.code !== 'INTERNAL';
  return error instanceof CliError || error instanceof LinkError || error instanceof TextError;
}
