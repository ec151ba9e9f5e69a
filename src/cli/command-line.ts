// From the words of the command line to an exit status: help and version at once, everything else by the
// command's own file, loaded when needed. Every error ends here as one line and, if there is one, a hint.

import { EXIT_STATUS, type QkdError, isQkdError, within } from '../errors.ts';
import { type Invocation, readArguments } from './arguments.ts';
import { HELP } from './help.ts';
import type { World } from './world.ts';

/** Runs the command. Resolves to the exit status; never rejects. */
export async function commandLine(world: World): Promise<number> {
  try {
    return await run(world, readArguments(world.argv));
  } catch (error) {
    const known = isQkdError(error) ? error : within('qkd-macsec', error);
    printError(world, known);
    return EXIT_STATUS[known.code];
  }
}

async function run(world: World, invocation: Invocation): Promise<number> {
  if (invocation.show === 'help') world.standardOutput(HELP);
  else if (invocation.show === 'version') world.standardOutput(`qkd-macsec ${world.version}\n`);
  else return (await import('./run.ts')).runCommand(world, invocation);
  return 0;
}

/** `error: ...` and, on a line of its own, `hint: ...`. */
export function printError(world: World, error: QkdError): void {
  world.standardError(`error: ${error.message}`);
  if (error.hint !== undefined) world.standardError(`hint: ${error.hint}`);
}
