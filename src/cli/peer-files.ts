// Pulls the other routers' key-ID records over SCP, on-box. One SSH connection per peer and run: polling
// reuses it, and opens a new one when it broke.

import { inStep } from '../errors.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Log } from '../log.ts';
import type { RouterConnections } from '../ssh/shared-connection.ts';
import type { RouterFiles } from '../workflow/ports.ts';
import { connectionsTo } from './router-connections.ts';
import { filesOn } from './router-files.ts';

/** A record is a few KiB; anything larger is not one. */
const MAX_RECORD_BYTES = 256 * 1024;

export interface PeerFiles {
  /** Text of a file on `device`; undefined when it does not exist there. Throws ssh-* and scp. */
  pull(device: string, path: string): Promise<string | undefined>;
  close(): Promise<void>;
}

/** Nothing is connected until the first pull. */
export function peerFiles(inventory: Inventory, log: Log): PeerFiles {
  const peers = new Map<string, { files: RouterFiles; connections: RouterConnections }>();

  const filesOf = (name: string): RouterFiles => {
    const found = peers.get(name);
    if (found !== undefined) return found.files;
    const device = inventory.devices.get(name);
    if (device === undefined) throw new Error(`no device ${name} in the inventory`);
    // A peer that does not answer now may answer at the next look.
    const connections = connectionsTo(inventory, device, { log, silenceIsFinal: false, username: inventory.login.peerUsername });
    const files = filesOn(inventory, device, connections);
    peers.set(name, { files, connections });
    return files;
  };

  return {
    pull: (name, path) => inStep(`SCP from ${name}`, async () => (await filesOf(name).get(path, MAX_RECORD_BYTES))?.toString('utf8')),
    close: async () => {
      await Promise.all([...peers.values()].map(({ connections }) => connections.close()));
    },
  };
}
