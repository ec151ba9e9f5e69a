// Writes a key-ID record (design section 6): the member that the original script reads, then version 2's.

import { QkdError } from '../errors.ts';
import { parseRecord } from './parse-record.ts';
import { type KeyIdRecord, RECORD_VERSION, type RecordedLink } from './record.ts';

/**
 * The record as the file's text, with the member that the original script reads first. Throws internal
 * when `record` could not be read back: what this program publishes, every reader of it accepts.
 */
export function formatRecord(record: KeyIdRecord): string {
  const links = Object.entries(record.links).map(([name, link]) => [name, linkMember(link)] as const);
  const members = {
    ...(record.newest === undefined ? {} : { [record.device]: record.newest }),
    version: RECORD_VERSION,
    written_at: record.writtenAt,
    links: Object.fromEntries(links),
  };
  const text = `${JSON.stringify(members, null, 1)}\n`;
  try {
    parseRecord(text, record.device);
  } catch (error) {
    throw new QkdError('internal', `own record cannot be published: ${(error as Error).message}`, { cause: error });
  }
  return text;
}

function linkMember({ role, master_sae, slave_saes, source_kme, target_kmes, method, keys }: RecordedLink): Record<string, unknown> {
  const written = keys.map(({ key_ID, start_time, confirmed, refused, ...kmes }) => ({ key_ID, start_time, confirmed, refused, source_kme: kmes.source_kme, target_kmes: kmes.target_kmes }));
  return { role, master_sae, slave_saes, source_kme, target_kmes, method, keys: written };
}
