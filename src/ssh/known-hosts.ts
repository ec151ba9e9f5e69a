// The OpenSSH known_hosts format (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"): parsing and matching, pure.
// Plain names, comma lists, wildcards, negation, hashed names, [host]:port and @revoked are understood;
// @cert-authority lines say nothing about plain host keys and are left out. A line that cannot be understood
// is skipped and counted, as OpenSSH does. Whether a key is accepted is host-key.ts.

import { createHmac, timingSafeEqual } from 'node:crypto';

export interface KnownHostLine {
  readonly revoked: boolean;
  /** The first field: a comma list of patterns, or one hashed name. */
  readonly hosts: string;
  readonly keyType: string;
  /** The public key in SSH wire form (RFC 4253 section 6.6). */
  readonly key: Buffer;
}

export interface KnownHosts {
  readonly lines: readonly KnownHostLine[];
  /** Lines that are neither empty, comments, @cert-authority nor understood. */
  readonly badLines: number;
}

const LONGEST_LINE = 16_384;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Reads a known_hosts file's text. Never throws. */
export function parseKnownHosts(text: string): KnownHosts {
  const lines: KnownHostLine[] = [];
  let badLines = 0;
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith('@cert-authority ')) continue;
    const parsed = line.length > LONGEST_LINE ? undefined : parseLine(line);
    if (parsed === undefined) badLines += 1;
    else lines.push(parsed);
  }
  return { lines, badLines };
}

function parseLine(line: string): KnownHostLine | undefined {
  const fields = line.split(/[ \t]+/);
  const marker = fields[0]?.startsWith('@') ? fields.shift() : undefined;
  const [hosts, keyType, base64] = fields;
  if (marker !== undefined && marker !== '@revoked') return undefined;
  if (hosts === undefined || keyType === undefined || base64 === undefined || !BASE64.test(base64)) return undefined;
  const key = Buffer.from(base64, 'base64');
  if (keyTypeOf(key) !== keyType) return undefined;
  return { revoked: marker === '@revoked', hosts, keyType, key };
}

/** The type name at the head of a public key in wire form; undefined when there is none. */
export function keyTypeOf(key: Buffer): string | undefined {
  if (key.length < 5) return undefined;
  const length = key.readUInt32BE(0);
  if (length === 0 || length > 64 || key.length <= 4 + length) return undefined;
  return key.toString('latin1', 4, 4 + length);
}

/** How known_hosts writes a server: `host` on port 22, else `[host]:port`; always lower case. */
export function knownHostsName(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/** Places of lines in a file: by the plain names that they hold, and those with patterns or hashes, which must be looked at for every server. */
interface Index {
  readonly byName: ReadonlyMap<string, readonly number[]>;
  readonly others: readonly number[];
}

const indexes = new WeakMap<KnownHosts, Index>();

/** The lines that may name a server, in the file's order: what a fleet of n routers would else look for n times in n lines. */
export function linesAbout(known: KnownHosts, server: { readonly host: string; readonly port: number }): KnownHostLine[] {
  const { byName, others } = indexes.get(known) ?? index(known);
  const named = [server.port, 22].flatMap((port) => byName.get(knownHostsName(server.host, port)) ?? []);
  const places = [...new Set([...named, ...others])].sort((a, b) => a - b);
  return places.map((place) => known.lines[place] as KnownHostLine);
}

function index(known: KnownHosts): Index {
  const byName = new Map<string, number[]>();
  const others: number[] = [];
  for (const [place, { hosts }] of known.lines.entries()) {
    if (/[|*?!]/.test(hosts)) others.push(place);
    else for (const name of hosts.toLowerCase().split(',')) byName.set(name, [...(byName.get(name) ?? []), place]);
  }
  const made = { byName, others };
  indexes.set(known, made);
  return made;
}

/** Does the first field of a line name this server? `name` is from `knownHostsName`. */
export function matchesHost(hosts: string, name: string): boolean {
  if (hosts.startsWith('|')) return matchesHashed(hosts, name);
  let matched = false;
  for (const pattern of hosts.toLowerCase().split(',')) {
    const negated = pattern.startsWith('!');
    if (!matchesPattern(negated ? pattern.slice(1) : pattern, name)) continue;
    if (negated) return false;
    matched = true;
  }
  return matched;
}

/** `|1|<salt>|<HMAC-SHA1 of the name>`; SHA-1 is the format's own, it hides names and protects nothing else. */
function matchesHashed(hosts: string, name: string): boolean {
  const [empty, version, salt, hash, ...rest] = hosts.split('|');
  if (empty !== '' || version !== '1' || !salt || !hash || rest.length > 0) return false;
  const expected = Buffer.from(hash, 'base64');
  const actual = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest();
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

/** `*` is any run of characters, `?` any one; linear in time for any pattern (one backtracking point). */
function matchesPattern(pattern: string, name: string): boolean {
  let p = 0;
  let n = 0;
  let star = -1;
  let resume = 0;
  while (n < name.length) {
    if (pattern[p] === '*') {
      star = p++;
      resume = n;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === name[n])) {
      p++;
      n++;
    } else if (star >= 0) {
      p = star + 1;
      n = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
