// The key-ID records of all routers in one folder of the management host: how the ends of a link meet
// when the program works for them off-box.

import type { Log } from '../log.ts';
import type { RecordExchange } from '../workflow/ports.ts';
import { checkRecordWritable, readRecordFile, recordPath, writeRecordFile } from './record-file.ts';

/** `template` is an absolute path in which `{}` stands for the device's name. */
export function localExchange(template: string, log: Log): RecordExchange {
  return {
    read: (device) => readRecordFile(recordPath(template, device), device, log),
    checkWritable: () => checkRecordWritable(template),
    publish: (record) => writeRecordFile(recordPath(template, record.device), record),
  };
}
