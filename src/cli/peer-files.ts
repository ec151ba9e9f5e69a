// Pulls the other routers' key-ID records over SCP, on-box. One SSH connection per peer and run: polling
// reuses it, and opens a new one when it broke.

import { type QkdError, inStep, isQkdError } from '../errors.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Log } from '../log.ts';
import type { SshConnection } from '../ssh/connection.ts';
import { sshTarget } from './router-sessions.ts';

/** A record is a few KiB; anything larger is not one. */
const MAX_RECORD_BYTES = 256 * 1024;

export interface PeerFiles {
  /** Text of a file on `device`; undefined when it does not exist there. Throws ssh-* and scp. */
  pull(device: string, path: string): Promise<string | undefined>;
  close(): Promise<void>;
}

/** Nothing is connected until the first pull. */
export function peerFiles(inventory: Inventory, log: Log): PeerFiles {
  const open = new Map<string, Promise<SshConnection>>();
  const final = new Map<string, QkdError>();

  const connection = (name: string): Promise<SshConnection> => {
    const device = inventory.devices.get(name);
    if (device === undefined) throw new Error(`no device ${name} in the inventory`);
    const found = open.get(name);
    if (found !== undefined) return found;
    const opening = import('../ssh/connect.ts').then(({ connectSsh }) => connectSsh(sshTarget(inventory, device, device.port ?? 22), inventory.system.ssh, { log }));
    open.set(name, opening);
    return opening;
  };

  return {
    pull: (name, path) =>
      inStep(`SCP from ${name}`, async () => {
        const { scpGet } = await import('../ssh/scp-get.ts');
        const { isMissingFile } = await import('../ssh/scp-dialogue.ts');
        const refusal = final.get(name);
        if (refusal !== undefined) throw refusal;
        try {
          const { content } = await scpGet(await connection(name), path, { maxBytes: MAX_RECORD_BYTES, timeoutSeconds: inventory.system.ssh.timeout });
          return content.toString('utf8');
        } catch (error) {
          if (isMissingFile(error)) return undefined;
          // Asked again at every look, a refused login would lock the account (Junos login retry-options).
          if (isQkdError(error, 'ssh-authentication', 'ssh-host-key')) final.set(name, error);
          const broken = open.get(name);
          open.delete(name);
          void broken?.then((c) => c.close()).catch(() => undefined);
          throw error;
        }
      }),
    close: async () => {
      await Promise.all([...open.values()].map((c) => c.then((opened) => opened.close()).catch(() => undefined)));
      open.clear();
    },
  };
}
