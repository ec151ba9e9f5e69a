// The command line: what may be said and what it means. Parsing is node:util's; this file owns the
// options, their limits and the one-line refusals. The text of --help is help.ts.

import { parseArgs } from 'node:util';
import { QkdError, oneLine } from '../errors.ts';
import { nearestName } from '../inventory/nearest-name.ts';

export const COMMANDS = ['run', 'init', 'rotate', 'certs', 'status', 'doctor'] as const;
export type CommandName = (typeof COMMANDS)[number];

export const CERTS_ACTIONS = ['check', 'renew', 'ca', 'export'] as const;
export type CertsAction = (typeof CERTS_ACTIONS)[number];

/** The part of the links that one of several processes works on, counted from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

export interface Invocation {
  readonly show: 'help' | 'version' | undefined;
  readonly command: CommandName;
  /** The second word of `certs`; undefined with every other command. */
  readonly action: CertsAction | undefined;
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
  /** certs renew: also what is still valid; certs ca: a new CA. */
  readonly force: boolean;
  /** certs export: the folder to write to, as typed. */
  readonly output: string | undefined;
  /** Files to write profile and metrics to, as typed. */
  readonly profile: string | undefined;
  readonly metrics: string | undefined;
  readonly shard: Shard | undefined;
  /** The CKN that the router logged as unknown, 64 hex digits in lower case: what started this run between two ticks. */
  readonly heardCkn: string | undefined;
  /** doctor: the KME in detail, and with a key drawn. */
  readonly kme: boolean;
  readonly draw: boolean;
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
  force: { type: 'boolean' },
  output: { type: 'string' },
  profile: { type: 'string' },
  metrics: { type: 'string' },
  shard: { type: 'string', multiple: true },
  'heard-ckn': { type: 'string' },
  kme: { type: 'boolean' },
  draw: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'V' },
} as const;

/** Options that only some commands know; all others go with every command. */
const ONLY_WITH: Readonly<Record<string, readonly string[]>> = {
  'dry-run': ['run', 'init', 'rotate', 'certs renew', 'certs ca'],
  force: ['certs renew', 'certs ca'],
  output: ['certs export'],
  link: ['run', 'init', 'rotate', 'certs check', 'certs renew', 'certs export', 'status', 'doctor'],
  profile: ['run', 'init', 'rotate'],
  metrics: ['run', 'init', 'rotate'],
  'heard-ckn': ['run', 'rotate'],
  shard: ['run', 'init', 'rotate', 'certs check', 'certs renew', 'status'],
  kme: ['doctor'],
  draw: ['doctor'],
};

/** Reads the arguments that follow the program's name. Throws invocation. */
export function readArguments(argv: readonly string[]): Invocation {
  const { values, positionals } = parsed(argv);
  const [command = 'run', ...rest] = positionals;
  if (!isCommand(command)) throw wrong(`unknown command ${JSON.stringify(command)}${didYouMean(command, COMMANDS) || `; commands are ${COMMANDS.join(', ')}`}`);
  const show = values.help ? 'help' : values.version ? 'version' : undefined;
  const action = command === 'certs' ? certsAction(rest.shift(), show !== undefined) : undefined;
  const spoken = action === undefined ? command : `certs ${action}`;
  if (rest.length > 0) throw wrong(`unexpected argument ${JSON.stringify(rest[0])} after ${spoken}`);
  const foreign = Object.keys(values).find((name) => ONLY_WITH[name]?.includes(spoken) === false);
  if (foreign !== undefined && show === undefined) throw wrong(`--${foreign} does not go with ${spoken}; it goes with ${ONLY_WITH[foreign]?.join(', ')}`);
  const empty = Object.entries(values).find(([, value]) => [value].flat().includes(''))?.[0];
  if (empty !== undefined) throw wrong(`--${empty} needs a value`);
  if (values.draw && !values.kme) throw wrong('--draw goes with --kme');
  if (values.onbox && values.offbox) throw wrong('--onbox and --offbox exclude each other');
  return {
    show,
    command,
    action,
    inventory: values.inventory,
    mode: values.onbox ? 'onbox' : values.offbox ? 'offbox' : undefined,
    devices: values.device ?? [],
    links: values.link ?? [],
    threads: values.threads === undefined ? undefined : threads(values.threads),
    verbosity: Math.min(values.verbose?.length ?? 0, 4),
    trace: values.trace ?? false,
    json: values.json ?? false,
    dryRun: values['dry-run'] ?? false,
    force: values.force ?? false,
    output: values.output,
    profile: values.profile,
    metrics: values.metrics,
    shard: values.shard === undefined ? undefined : shard(values.shard),
    heardCkn: values['heard-ckn'] === undefined ? undefined : ckn(values['heard-ckn']),
    kme: values.kme ?? false,
    draw: values.draw ?? false,
  };
}

function parsed(argv: readonly string[]): ReturnType<typeof parse> {
  try {
    return parse(argv);
  } catch (error) {
    const [first = ''] = (error as Error).message.split(/[.\n]/);
    const wanting = /'(?:-\w, )?(--?[\w-]+)[^']*' argument (?:missing|is ambiguous)/.exec(first)?.[1];
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

/** As Junos prints it, in either case; a shorter one is filled with zeros, as Junos does (IEEE 802.1X-2020 clause 9.3.1). */
function ckn(text: string): string {
  if (!/^(?:[0-9a-f]{2}){1,32}$/i.test(text)) throw wrong(`--heard-ckn ${JSON.stringify(oneLine(text, 80))} is not 2 to 64 hex digits`);
  return text.toLowerCase().padEnd(64, '0');
}

function isCommand(word: string): word is CommandName {
  return (COMMANDS as readonly string[]).includes(word);
}

function certsAction(word: string | undefined, helpIsAsked: boolean): CertsAction | undefined {
  const action = CERTS_ACTIONS.find((one) => one === word);
  if (action !== undefined || helpIsAsked) return action;
  if (word === undefined) throw wrong(`certs needs one of ${CERTS_ACTIONS.join(', ')}`);
  throw wrong(`unknown command "certs ${word}"${didYouMean(word, CERTS_ACTIONS) || `; certs knows ${CERTS_ACTIONS.join(', ')}`}`);
}

function shard([text = '', ...others]: readonly string[]): Shard {
  if (others.length > 0) throw wrong('--shard may stand once');
  const [, index, count] = /^([1-9]\d{0,3})\/([1-9]\d{0,3})$/.exec(text) ?? [];
  if (index === undefined || Number(index) > Number(count)) throw wrong(`--shard ${JSON.stringify(oneLine(text, 80))} is not I/N with I from 1 to N, and N at most 9999`);
  return { index: Number(index), count: Number(count) };
}

function threads(text: string): number {
  const number = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (number < 1) throw wrong(`--threads ${JSON.stringify(oneLine(text, 80))} is not a number from 1 to 9999`);
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
