// The command line: what may be said and what it means. Parsing is node:util's; this file owns the
// options, their limits and the one-line refusals. The text of --help is help.ts.

import { parseArgs } from 'node:util';
import { QkdError } from '../errors.ts';
import { nearestName } from '../inventory/nearest-name.ts';

export const COMMANDS = ['run', 'init', 'rotate'] as const;
export type CommandName = (typeof COMMANDS)[number];

export interface Invocation {
  readonly show: 'help' | 'version' | undefined;
  readonly command: CommandName;
  readonly inventory: string | undefined;
  readonly mode: 'onbox' | 'offbox' | undefined;
  /** Only these devices and links; empty: all. */
  readonly devices: readonly string[];
  readonly links: readonly string[];
  readonly threads: number | undefined;
  /** 0 (errors) to 4 (debug). */
  readonly verbosity: number;
  readonly trace: boolean;
  readonly json: boolean;
  readonly dryRun: boolean;
}

const OPTIONS = {
  inventory: { type: 'string', short: 'i' },
  onbox: { type: 'boolean' },
  offbox: { type: 'boolean' },
  device: { type: 'string', multiple: true },
  link: { type: 'string', multiple: true },
  threads: { type: 'string', short: 't' },
  verbose: { type: 'boolean', short: 'v', multiple: true },
  trace: { type: 'boolean' },
  json: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'V' },
} as const;

/** Reads the arguments that follow the program's name. Throws invocation. */
export function readArguments(argv: readonly string[]): Invocation {
  const { values, positionals } = parsed(argv);
  const [command = 'run', ...rest] = positionals;
  if (!isCommand(command)) throw wrong(`unknown command ${JSON.stringify(command)}${didYouMean(command, COMMANDS) || `; commands are ${COMMANDS.join(', ')}`}`);
  if (rest.length > 0) throw wrong(`unexpected argument ${JSON.stringify(rest[0])} after ${command}`);
  const empty = Object.entries(values).find(([, value]) => [value].flat().includes(''))?.[0];
  if (empty !== undefined) throw wrong(`--${empty} needs a value`);
  if (values.onbox && values.offbox) throw wrong('--onbox and --offbox exclude each other');
  return {
    show: values.help ? 'help' : values.version ? 'version' : undefined,
    command,
    inventory: values.inventory,
    mode: values.onbox ? 'onbox' : values.offbox ? 'offbox' : undefined,
    devices: values.device ?? [],
    links: values.link ?? [],
    threads: values.threads === undefined ? undefined : threads(values.threads),
    verbosity: Math.min(values.verbose?.length ?? 0, 4),
    trace: values.trace ?? false,
    json: values.json ?? false,
    dryRun: values['dry-run'] ?? false,
  };
}

function parsed(argv: readonly string[]): ReturnType<typeof parse> {
  try {
    return parse(argv);
  } catch (error) {
    const [first = ''] = (error as Error).message.split(/[.\n]/);
    const wanting = /'(?:-\w, )?(--[\w-]+)[^']*' argument (?:missing|is ambiguous)/.exec(first)?.[1];
    if (wanting !== undefined) throw wrong(`${wanting} needs a value`);
    const unknown = /Unknown option '(-[^']*)'/.exec(first)?.[1];
    if (unknown === undefined) throw wrong(first.charAt(0).toLowerCase() + first.slice(1));
    throw wrong(`unknown option ${unknown}${didYouMean(unknown, Object.keys(OPTIONS).map((name) => `--${name}`))}`);
  }
}

/** `-tr` is the original system's spelling of --trace; anywhere else it would be `-t r`. */
function parse(argv: readonly string[]) {
  const args = argv.map((word) => (word === '-tr' ? '--trace' : word));
  return parseArgs({ args, options: OPTIONS, allowPositionals: true, strict: true });
}

function isCommand(word: string): word is CommandName {
  return (COMMANDS as readonly string[]).includes(word);
}

function threads(text: string): number {
  const number = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (number < 1) throw wrong(`--threads ${JSON.stringify(text)} is not a number from 1 to 9999`);
  return number;
}

/** `; did you mean X?` when one of the names is near, else ''. */
export function didYouMean(word: string, names: readonly string[]): string {
  const near = nearestName(word, names);
  return near === undefined ? '' : `; did you mean ${near}?`;
}

function wrong(message: string): QkdError {
  return new QkdError('invocation', message, { hint: 'see qkd-macsec --help' });
}
