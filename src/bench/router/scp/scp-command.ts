// Reads the command line that an scp client has its server run: `scp -f PATH` (send) or `scp -t PATH`
// (receive), with -p -r -d -v -q. Quotes and backslashes are taken off as a shell would; nothing is expanded.

export interface ScpCommand {
  readonly direction: 'send' | 'receive';
  readonly path: string;
  /** -p: times and exact mode are kept. */
  readonly preserve: boolean;
  /** -r: folders were asked for. */
  readonly recursive: boolean;
  /** -d: the target must be a folder. */
  readonly targetIsFolder: boolean;
}

/** The command's words, or undefined when it is not an scp server command that can be read. */
export function readScpCommand(line: string): ScpCommand | undefined {
  const [program, ...rest] = splitWords(line) ?? [];
  if (program !== 'scp' && program !== '/usr/bin/scp') return undefined;
  const end = rest.findIndex((word) => word === '--' || !word.startsWith('-'));
  const flags = end === -1 ? rest : rest.slice(0, end);
  const paths = end === -1 ? [] : rest.slice(rest[end] === '--' ? end + 1 : end);
  const letters = flags.map((flag) => flag.slice(1)).join('');
  const [path, second] = paths;
  const send = letters.includes('f');
  if (path === undefined || second !== undefined || /[^ftprdvq]/.test(letters) || send === letters.includes('t')) return undefined;
  return {
    direction: send ? 'send' : 'receive',
    path,
    preserve: letters.includes('p'),
    recursive: letters.includes('r'),
    targetIsFolder: letters.includes('d'),
  };
}

/** Words of a command line; undefined when a quote is left open or a character would mean more to a shell. */
export function splitWords(line: string): string[] | undefined {
  const words: string[] = [];
  let rest = line.trim();
  while (rest !== '') {
    const word = /^(?:[^\s'"\\;&|<>()$`\n]|'[^']*'|"[^"\\$`]*"|\\[^\n])+/.exec(rest)?.[0];
    if (word === undefined) return undefined;
    words.push(word.replace(/'([^']*)'|"([^"]*)"|\\([\s\S])/g, (_, single?: string, double?: string, escaped?: string) => single ?? double ?? escaped ?? ''));
    rest = rest.slice(word.length).trimStart();
  }
  return words;
}
