// From the words of the command line to an exit status: help and version at once, everything else by the
// command's own file, loaded when needed. Every error ends here as one line and, if there is one, a hint;
// with --json also as a document, so that a machine always finds one.

import { EXIT_STATUS, type QkdError, asQkdError, isQkdError } from '../errors.ts';
import { type CommandName, type Invocation, readArguments } from './arguments.ts';
import { HELP } from './help.ts';
import { jsonDocument } from './results.ts';
import type { Command } from '../workflow/run-link.ts';
import { unlessStopped } from './stopping.ts';
import type { World } from './world.ts';

/** Runs the command. Resolves to the exit status; never rejects. */
export async function commandLine(world: World): Promise<number> {
  try {
    return await run(world, understood(world));
  } catch (cause) {
    const error = asQkdError('qkd-macsec', cause);
    printError(world, error);
    return EXIT_STATUS[error.code];
  }
}

function understood(world: World): Invocation {
  try {
    return readArguments(world.argv);
  } catch (error) {
    const now = world.clock.now();
    const nothing = { command: undefined, mode: undefined, startedAt: now, finishedAt: now, links: [] };
    if (isQkdError(error) && world.argv.includes('--json')) world.standardOutput(jsonDocument({ ...nothing, error }));
    throw error;
  }
}

async function run(world: World, invocation: Invocation): Promise<number> {
  if (invocation.show === 'help') world.standardOutput(HELP);
  else if (invocation.show === 'version') world.standardOutput(`qkd-macsec ${world.version}\n`);
  else return runsLinks(invocation) ? COMMAND[invocation.command](world, invocation) : unlessStopped(world, COMMAND[invocation.command](world, invocation));
  return 0;
}

/** These end in their own way when they are to stop. */
const runsLinks = ({ command }: Invocation): boolean => command === 'run' || command === 'init' || command === 'rotate';

const rotation = (command: Command) => async (world: World, invocation: Invocation): Promise<number> => (await import('./run.ts')).runCommand(world, { ...invocation, command });

const COMMAND: Readonly<Record<CommandName, (world: World, invocation: Invocation) => Promise<number>>> = {
  run: rotation('run'),
  init: rotation('init'),
  rotate: rotation('rotate'),
  certs: async (world, invocation) => (await import('./certs.ts')).certsCommand(world, invocation),
  status: async (world, invocation) => (await import('./status.ts')).statusCommand(world, invocation),
  doctor: async (world, invocation) => (await import('./doctor.ts')).doctorCommand(world, invocation),
};

/** `error: ...` and, on a line of its own, `hint: ...`; with --trace also where a fault of this program is. */
export function printError(world: World, error: QkdError): void {
  world.standardError(`error: ${error.message}`);
  if (error.hint !== undefined) world.standardError(`hint: ${error.hint}`);
  if (error.code !== 'internal' || !world.argv.some((word) => word === '--trace' || word === '-tr')) return;
  const stack = error.cause instanceof Error ? (error.cause.stack ?? '') : '';
  for (const frame of stack.split('\n').filter((line) => /^\s+at /.test(line))) world.standardError(frame);
}
