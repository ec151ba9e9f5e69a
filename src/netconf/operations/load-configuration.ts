// <load-configuration>: a document into the candidate, and rollback 0, which throws the candidate's
// changes away. Warnings (`statement not found`) are not failures, with or without <ok/> (junos.md 3.4).

import { QkdError } from '../../errors.ts';
import { descendants, elementWith, type XmlElement } from '../../xml.ts';
import { RpcFailure } from '../rpc-reply.ts';
import type { Rpc } from '../rpc.ts';

const HINT = 'check that the platform and Junos release of the router know this statement; nothing was committed';

/** Merges a <configuration> element into the candidate, or carries out a <configuration-set> of statements. Throws load-failed when the router refuses it. */
export async function loadConfiguration(rpc: Rpc, document: XmlElement): Promise<void> {
  try {
    const form = document.name === 'configuration-set' ? { action: 'set', format: 'text' } : { action: 'merge', format: 'xml' };
    const reply = await rpc(elementWith('load-configuration', form, document));
    const refused = descendants(reply, 'load-error-count').some((count) => count.text !== '' && count.text !== '0');
    if (refused) throw new QkdError('load-failed', 'load-configuration: the router counted load errors', { hint: HINT });
  } catch (error) {
    if (error instanceof RpcFailure && error.code === 'rpc-error') throw new QkdError('load-failed', error.message, { hint: HINT, cause: error });
    throw error;
  }
}

/** Makes the candidate equal to the committed configuration again. Only for changes of our own, under our own lock. */
export async function rollbackCandidate(rpc: Rpc): Promise<void> {
  await rpc(elementWith('load-configuration', { rollback: '0' }));
}
