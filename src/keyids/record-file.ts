// A key-ID record on this machine's disk. What is missing, empty or damaged reads as nothing, with a log
// line: the record is a view of the router's configuration and is rebuilt from it (design section 4).
// Writing is atomic, so that an SCP server never hands out half a record.

import { closeSync, constants, openSync, readSync } from 'node:fs';
import { dirname } from 'node:path';
import { checkFolderWritable, fileError, makeFolder, writeFileAtomically } from '../atomic-file.ts';
import { isQkdError } from '../errors.ts';
import type { Log } from '../log.ts';
import { formatRecord } from './format-record.ts';
import { parseRecord } from './parse-record.ts';
import { type KeyIdRecord, MAX_RECORD_BYTES } from './record.ts';

/** The record of a router with some links, whole. */
const READ_AT_ONCE = 8 * 1024;

/** More than the record of a router with dozens of links takes. */
const WRITE_CHECK_BYTES = 64 * 1024;

/** The file of `device`: every `{}` of the template replaced by its name. */
export function recordPath(template: string, device: string): string {
  return template.replaceAll('{}', () => device);
}

/** The record of `device` in that file, or undefined. Throws `file` when the file is there and cannot be read. */
export async function readRecordFile(path: string, device: string, log: Log): Promise<KeyIdRecord | undefined> {
  const bytes = readBounded(path);
  if (bytes === undefined || bytes.length === 0) {
    log.write('INFO', 'record', bytes === undefined ? 'no key-ID record yet' : 'key-ID record is empty', { device, file: path });
    return undefined;
  }
  try {
    return parseRecord(new TextDecoder('utf-8', { fatal: true }).decode(bytes), device);
  } catch (error) {
    const reason = isQkdError(error, 'record') ? error.message : 'key-ID record: no UTF-8 text';
    log.write('WARNING', 'record', `${reason}: read as nothing`, { device, file: path });
    return undefined;
  }
}

/** Replaces the file; makes its folder when that is missing. Throws `file`; then the old record is still there. */
export async function writeRecordFile(path: string, record: KeyIdRecord, mode = 0o600): Promise<void> {
  const text = formatRecord(record);
  try {
    await writeFileAtomically(path, text, mode);
  } catch (error) {
    if ((error as Error & { cause?: NodeJS.ErrnoException }).cause?.code !== 'ENOENT') throw error;
    makeFolder(dirname(path), 0o700);
    await writeFileAtomically(path, text, mode);
  }
}

/** Proves that a record could be written now. Throws `file` when not. */
export async function checkRecordWritable(template: string): Promise<void> {
  // A folder that is itself named after a device is made with the first record.
  const folder = dirname(template.slice(0, template.indexOf('{}') + 1));
  makeFolder(folder, 0o700);
  await checkFolderWritable(folder, WRITE_CHECK_BYTES);
}

/** At most one byte more than a record may have; undefined when there is no such file. Synchronous: a fleet has hundreds of these small files. */
function readBounded(path: string): Buffer | undefined {
  let file: number | undefined;
  try {
    // Without O_NONBLOCK a FIFO in the file's place would hold the run up.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const parts: Buffer[] = [];
    for (let left = MAX_RECORD_BYTES + 1; left > 0; ) {
      const part = Buffer.alloc(Math.min(left, READ_AT_ONCE));
      const length = readSync(file, part);
      if (length === 0) break;
      parts.push(part.subarray(0, length));
      left -= length;
    }
    return Buffer.concat(parts);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fileError('read', path, error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
