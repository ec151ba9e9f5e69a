// The set files of junos-config with their placeholders filled in: what is loaded on the router is what stands there.
// A line whose placeholder has several values stands once for each, and not at all where it has none.

import { QkdError } from '../errors.ts';

/** By placeholder, without its angle brackets. */
export type Values = Readonly<Record<string, string | readonly string[]>>;

/** The statements of a set file, filled in; comments are left out. Throws inventory for a value that would not stay inside its statement. */
export function setStatements(text: string, values: Values): string[] {
  const lines = text.split('\n').filter((line) => /^(set|delete) /.test(line));
  return lines.flatMap((line) => filled(line, values));
}

function filled(line: string, values: Values): string[] {
  const name = /<([\w-]+)>/.exec(line)?.[1];
  if (name === undefined) return [line];
  const value = values[name];
  if (value === undefined) throw new Error(`no value for <${name}>`);
  return [value].flat().flatMap((one) => filled(name.endsWith('-key') ? keyLine(line, name, one) : line.replace(`<${name}>`, plain(name, one)), values));
}

/** The statement is named after the type of the key. */
function keyLine(line: string, name: string, key: string): string {
  const [type = ''] = key.split(' ');
  const statement = type.startsWith('ecdsa-') ? 'ssh-ecdsa' : type;
  if (!/^ssh-(ed25519|ecdsa|rsa)$/.test(statement) || !/^[\w-]+ [A-Za-z0-9+/=]+( [\w.@-]+)?$/.test(key)) {
    throw new QkdError('inventory', `${name}: Junos takes no SSH key like ${JSON.stringify(key.slice(0, 40))}`, { hint: 'use an Ed25519, ECDSA or RSA key with a comment of one word' });
  }
  return line.replace(`ssh-ed25519 <${name}>`, `${statement} "${key}"`);
}

function plain(name: string, value: string): string {
  if (/^[\w.:-]{1,64}$/.test(value)) return value;
  throw new QkdError('inventory', `${name}: ${JSON.stringify(value.slice(0, 40))} cannot stand in a Junos statement`, { hint: 'use letters, digits and ._-' });
}
