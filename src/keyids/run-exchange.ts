// The key-ID records of one run off-box, where all ends are worked on by this process under its lock: a record is read
// from its file once, and from then on is what this run has published. The ends meet here; the file is for the next
// run and is written when an end asks for it: what a killed run has not written, the next one finds in the routers'
// configuration. That the folder can be written is proved anew only after a while.

import type { RecordExchange } from '../workflow/ports.ts';
import type { KeyIdRecord } from './record.ts';

/** Milliseconds for which a proof holds. */
const PROOF = 5_000;

/** `now`: milliseconds since 1970 UTC. */
export function runExchange(files: RecordExchange, now: () => number): RecordExchange {
  const records = new Map<string, Promise<KeyIdRecord | undefined>>();
  const unsaved = new Map<string, KeyIdRecord>();
  const saves = new Map<string, Promise<void>>();
  const write = async (device: string): Promise<void> => {
    const record = unsaved.get(device);
    if (record === undefined) return;
    await files.publish(record);
    if (unsaved.get(device) === record) unsaved.delete(device);
  };
  let proof: Promise<void> | undefined;
  let provedAt = 0;
  return {
    read: (device) => {
      const found = records.get(device);
      if (found !== undefined) return found;
      const reading = files.read(device);
      records.set(device, reading);
      reading.catch(() => records.delete(device));
      return reading;
    },
    checkWritable: () => {
      if (proof !== undefined && now() - provedAt < PROOF) return proof;
      const proving = files.checkWritable();
      [proof, provedAt] = [proving, now()];
      proving.catch(() => (proof = undefined));
      return proving;
    },
    publish: (record) => {
      records.set(record.device, Promise.resolve(record));
      unsaved.set(record.device, record);
      return Promise.resolve();
    },
    // One after the other: links of one router end at the same time, and the newest record is to stay.
    save: (device) => {
      const turn = (saves.get(device) ?? Promise.resolve()).catch(() => undefined).then(() => write(device));
      saves.set(device, turn);
      return turn;
    },
  };
}
