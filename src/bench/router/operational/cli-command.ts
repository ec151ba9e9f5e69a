// <command>show …</command>: CLI commands translated to the RPC that Junos maps them to. What the bench
// does not know is a syntax error at the first unknown word, as on a router without the feature.

import { element, elementWith, escapeXml, serialise, textAt, type XmlElement } from '../../../xml.ts';
import type { MgdSession } from '../../mgd/mgd.ts';
import { parseRequest } from '../netconf/parse-request.ts';
import { rpcError } from '../netconf/rpc-error.ts';
import { readPiped, type PipedCommand, type Pipes } from './cli-pipes.ts';

type Build = (words: readonly string[]) => XmlElement | undefined;

const COMMANDS: readonly (readonly [string, Build])[] = [
  ['version invoke-on all-routing-engines', plain('get-software-information', 'all-routing-engines')],
  ['version', plain('get-software-information')],
  ['security mka sessions', withInterface('get-mka-session-information')],
  ['security mka statistics', withInterface('get-mka-statistics')],
  ['security macsec connections', withInterface('get-macsec-connection-information')],
  ['security macsec statistics', withInterface('get-macsec-statistics')],
  ['security keychain detail', plain('get-hakr-keychain-information', 'detail')],
  ['security keychain', plain('get-hakr-keychain-information')],
  ['system information', plain('get-system-information')],
  ['system uptime', plain('get-system-uptime-information')],
  ['system commit revision', plain('get-commit-revision-information')],
  ['system commit', plain('get-commit-information')],
  ['system configuration database status', plain('get-configuration-database-status')],
  ['chassis routing-engine', plain('get-route-engine-information')],
  ['chassis hardware', plain('get-chassis-inventory')],
  ['interfaces terse', plain('get-interface-information', 'terse')],
  ['log', (rest) => (rest.length > 1 ? undefined : element('get-log', element('filename', rest[0] ?? 'messages')))],
];

/**
 * Answers one <command>. `session` is one of its own for the same user: the asking session is busy with
 * the command, and the login class must count.
 */
export async function cliCommand(request: XmlElement, session: MgdSession): Promise<string> {
  let piped: PipedCommand;
  try {
    piped = readPiped(String(request.text));
  } catch (error) {
    return unknown((error as Error).message);
  }
  const [verb = '', ...words] = piped.words;
  if (verb !== 'show') return unknown(verb);
  if (words[0] === 'configuration') return showConfiguration(words.slice(1), piped.pipes, { request, session });
  if (piped.pipes.compare !== undefined || piped.pipes.display === 'set') return unknown('|');
  const rpc = rpcOf(words);
  if (rpc === undefined) return unknown(words[0] ?? '');
  if (piped.pipes.display === 'xml rpc') return serialise(element('rpc', rpc));
  return run(rpc, piped.pipes, { request, session });
}

function rpcOf(words: readonly string[]): XmlElement | undefined {
  for (const [name, build] of COMMANDS) {
    const length = name.split(' ').length;
    const rpc = words.slice(0, length).join(' ') === name ? build(words.slice(length)) : undefined;
    if (rpc !== undefined) return rpc;
  }
  return undefined;
}

/** Filters work on the text of the answer, so they ask for it. */
async function run(rpc: XmlElement, { display, filters }: Pipes, { request, session }: Asked): Promise<string> {
  const isFiltered = filters.length > 0 && display === undefined;
  const format = display === 'xml' ? 'xml' : isFiltered ? 'text' : request.attributes['format'];
  const reply = await session.execute({ ...rpc, attributes: format === undefined ? {} : { format } });
  return isFiltered && !/^\s*<rpc-error/.test(reply) ? serialise(element('output', `\n${filtered(textOf(reply), filters)}`)) : reply;
}

function textOf(reply: string): string {
  const { root } = parseRequest(`<reply xmlns:junos="junos">${reply}</reply>`);
  return root.children.map((node) => String(node.text)).join('\n');
}

function filtered(text: string, filters: Pipes['filters']): string {
  const lines = filters.reduce<readonly string[]>((left, filter) => filter(left), text.replace(/\n$/, '').split('\n'));
  return lines.map((line) => `${line}\n`).join('');
}

function unknown(word: string): string {
  return rpcError('operation-failed', 'syntax error, expecting <command>', { badElement: word });
}

function plain(rpc: string, ...flags: string[]): Build {
  return (rest) => (rest.length === 0 ? element(rpc, ...flags.map((flag) => element(flag))) : undefined);
}

/** [interface NAME] [brief|summary|detail], in either order. */
function withInterface(rpc: string): Build {
  return (rest) => {
    const words = [...rest];
    const at = words.indexOf('interface');
    const [, name] = at === -1 ? [] : words.splice(at, 2);
    if (words.length > 1 || (words[0] !== undefined && !['brief', 'summary', 'detail'].includes(words[0])) || (at !== -1 && name === undefined)) return undefined;
    return element(rpc, name !== undefined && element('interface-name', name), words[0] !== undefined && element(words[0]));
  };
}

interface Asked {
  readonly request: XmlElement;
  readonly session: MgdSession;
}

async function showConfiguration(path: readonly string[], pipes: Pipes, { request, session }: Asked): Promise<string> {
  if (path.some((word) => !/^[A-Za-z][\w.-]*$/.test(word))) return unknown(path.find((word) => !/^[A-Za-z]/.test(word)) ?? '');
  const asked = request.attributes['format'] ?? 'xml';
  const lines = pipes.filters.length > 0 ? 'text' : asked;
  const format = pipes.display === 'set' || pipes.display === 'xml' ? pipes.display : lines;
  const filter = path.reduceRight<XmlElement | undefined>((inner, name) => element(name, inner), undefined);
  const compare = pipes.compare === undefined ? {} : { compare: 'rollback', rollback: pipes.compare };
  const rpc = elementWith('get-configuration', { database: 'committed', format, ...compare }, filter !== undefined && element('configuration', filter));
  if (pipes.display === 'xml rpc') return serialise(element('rpc', rpc));
  const reply = await session.execute(rpc);
  if ((format === 'xml' && pipes.compare === undefined) || /^\s*<rpc-error/.test(reply)) return reply;
  const all = pipes.compare === undefined ? textOf(reply) : textAt(parseRequest(`<reply xmlns:junos="junos">${reply}</reply>`).root, 'configuration-information/configuration-output') ?? '';
  const text = pipes.filters.length > 0 ? filtered(all, pipes.filters).trimEnd() : all;
  const output = `<configuration-output>\n${escapeXml(text)}\n</configuration-output>`;
  return asked === 'text' ? serialise(element('output', `\n${text}\n`)) : `<configuration-information>${output}</configuration-information>`;
}
