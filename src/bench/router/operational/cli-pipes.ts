// What follows a CLI command behind `|`: a form of display, and filters that work on lines. Only the pipes
// that scripts use; any other is a syntax error, so that no filter is silently left out.

export type Display = 'xml' | 'set' | 'xml rpc';

export interface Pipes {
  readonly display: Display | undefined;
  /** N of `compare rollback N`. */
  readonly compare: string | undefined;
  readonly filters: readonly ((lines: readonly string[]) => readonly string[])[];
}

export interface PipedCommand {
  readonly words: readonly string[];
  readonly pipes: Pipes;
}

/** Reads a whole command line. Throws RangeError with the word that cannot be read. */
export function readPiped(line: string): PipedCommand {
  const [command = [], ...rest] = pieces(line);
  let display: Display | undefined;
  let compare: string | undefined;
  const filters: Pipes['filters'][number][] = [];
  for (const [name = '', ...args] of rest) {
    const argument = args.join(' ');
    if (name === 'display' && (argument === 'xml' || argument === 'set' || argument === 'xml rpc')) display = argument;
    else if (name === 'compare' && /^(?:rollback \d{1,2})?$/.test(argument)) compare = args[1] ?? '0';
    else filters.push(filterOf(name, args));
  }
  return { words: command, pipes: { display, compare, filters } };
}

/** Words between the pipes; quotes keep blanks and pipes together. */
function pieces(line: string): string[][] {
  const all: string[][] = [[]];
  for (const match of line.matchAll(/"([^"]*)"|(\|)|([^\s|"]+)/g)) {
    if (match[2] !== undefined) all.push([]);
    else all.at(-1)?.push(match[1] ?? match[3] ?? '');
  }
  return all;
}

function filterOf(name: string, args: readonly string[]): Pipes['filters'][number] {
  const [argument = '', more] = args;
  if (more !== undefined) throw new RangeError(more);
  if (name === 'no-more' && args.length === 0) return (lines) => lines;
  if (name === 'count' && args.length === 0) return (lines) => [`Count: ${lines.length} lines`];
  if (name === 'last' && /^\d{0,6}$/.test(argument)) return (lines) => lines.slice(-Number(argument === '' ? 10 : argument) || lines.length);
  const pattern = ['match', 'except', 'find'].includes(name) && argument !== '' ? regularExpression(argument) : undefined;
  if (pattern === undefined) throw new RangeError(name);
  if (name === 'match') return (lines) => lines.filter((line) => pattern.test(line));
  if (name === 'except') return (lines) => lines.filter((line) => !pattern.test(line));
  return (lines) => lines.slice(Math.max(0, lines.findIndex((line) => pattern.test(line))));
}

/** Junos matches without letter case. */
function regularExpression(text: string): RegExp {
  try {
    return new RegExp(text, 'i');
  } catch {
    throw new RangeError(text);
  }
}
