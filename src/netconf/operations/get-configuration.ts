// <get-configuration>: what is committed, with configuration groups applied (without `inherit` statements
// that live in groups, re0/re1 host names among them, are missing), and the candidate compared with it.

import { oneLine } from '../../errors.ts';
import { at, child, element, elementWith, textAt, type XmlElement } from '../../xml.ts';
import { protocolError } from '../protocol-error.ts';
import type { Rpc } from '../rpc.ts';
import { differenceWithoutSecretData } from '../secret-data.ts';

/** Committed configuration below `filter`, a <configuration> element; an empty <configuration> when nothing is there. */
export async function getConfiguration(rpc: Rpc, filter: XmlElement): Promise<XmlElement> {
  const reply = await rpc(elementWith('get-configuration', { database: 'committed', inherit: 'inherit', format: 'xml' }, filter));
  const configuration = child(reply, 'configuration') ?? at(reply, 'data/configuration');
  if (configuration !== undefined) return configuration;
  if (reply.children.some((node) => node.name.startsWith('configuration-'))) {
    throw protocolError('get-configuration: the answer is not in XML format');
  }
  return element('configuration');
}

/** What the open candidate would change, as `show | compare` writes it, secrets replaced; '' when nothing. */
export async function compareConfiguration(rpc: Rpc): Promise<string> {
  const reply = await rpc(elementWith('get-configuration', { compare: 'rollback', rollback: '0', format: 'text' }));
  const output = textAt(reply, 'configuration-information/configuration-output');
  if (output !== undefined) return differenceWithoutSecretData(output);
  const unknown = reply.children.find((node) => !['configuration-information', 'ok', 'cli'].includes(node.name));
  if (unknown !== undefined) throw protocolError(`get-configuration: compare answered with ${oneLine(unknown.name, 40)}`);
  return '';
}
