// On-box: the own key-ID record lies on this router, the other ends' are pulled from theirs, as the
// original system does. How they are pulled (SCP, addresses, bounds) is the caller's; what comes in is
// read with suspicion here.

import { QkdError, isQkdError, within } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { Log } from '../log.ts';
import type { RecordExchange } from '../workflow/ports.ts';
import { recordMembers, recordOf } from './parse-record.ts';
import { checkRecordWritable, readRecordFile, recordPath, writeRecordFile } from './record-file.ts';
import type { KeyIdRecord } from './record.ts';

export interface ScpExchangeOptions {
  /** This router. */
  readonly device: string;
  /** Absolute path of own records; `{}` stands for the device's name. */
  readonly template: string;
  /** Permission bits of own records; 0600 unless told. */
  readonly mode?: number;
  /** Text of the record that another router publishes; undefined when it has none. Bounded in time. */
  readonly pull: (device: string) => Promise<string | undefined>;
  readonly log: Log;
}

/**
 * The exchange of one router. `read` of another one's record gives undefined while there is none or while
 * it is being written (the original script writes in place), and throws `record` for one that names another
 * device or version; the errors of `pull` pass.
 */
export function scpExchange({ device: own, template, mode, pull, log }: ScpExchangeOptions): RecordExchange {
  const ownPath = recordPath(template, own);
  return {
    read: async (device) => (device === own ? readRecordFile(ownPath, own, log) : pulledRecord(await pull(device), device, log)),
    checkWritable: () => checkRecordWritable(template),
    publish: async (record) => {
      if (record.device !== own) throw new QkdError('internal', `record of ${record.device} cannot be published on ${own}`);
      await writeRecordFile(ownPath, record, mode);
    },
  };
}

function pulledRecord(text: string | undefined, device: string, log: Log): KeyIdRecord | undefined {
  if (text === undefined || text.trim() === '') {
    log.write('INFO', 'record', text === undefined ? 'the other end has no key-ID record yet' : "the other end's key-ID record is empty", { device });
    return undefined;
  }
  let members: JsonObject;
  try {
    members = recordMembers(text);
  } catch (error) {
    if (!isQkdError(error, 'record')) throw error;
    log.write('WARNING', 'record', `${error.message}: read as nothing`, { device });
    return undefined;
  }
  try {
    return recordOf(members, device);
  } catch (error) {
    throw within(`record of ${device}`, error);
  }
}
