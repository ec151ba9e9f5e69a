// The key-ID records of one run off-box, where all ends are worked on by this process under its lock: a record is read
// from its file once, and from then on is what this run has published. That the folder can be written is proved anew
// only after a while.

import type { RecordExchange } from '../workflow/ports.ts';
import type { KeyIdRecord } from './record.ts';

/** Milliseconds for which a proof holds. */
const PROOF = 5_000;

/** `now`: milliseconds since 1970 UTC. */
export function runExchange(files: RecordExchange, now: () => number): RecordExchange {
  const records = new Map<string, Promise<KeyIdRecord | undefined>>();
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
    publish: async (record) => {
      records.delete(record.device);
      await files.publish(record);
      records.set(record.device, Promise.resolve(record));
    },
  };
}
