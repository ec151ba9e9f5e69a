// Files on one router over SCP, on the connection that NETCONF uses too: the port RouterFiles of the workflow. Port
// 830 carries NETCONF alone, so files go over port 22 or the device's only port.

import { isQkdError } from '../errors.ts';
import type { Device, Inventory } from '../inventory/inventory.ts';
import { Secret } from '../secret.ts';
import type { RouterConnections, SharedConnection } from '../ssh/shared-connection.ts';
import type { RouterFiles } from '../workflow/ports.ts';
import type { Talk } from '../workflow/router-slots.ts';

const SSH_PORT = 22;

const atOnce: Talk = (_exchange, work) => work();

/** Nothing is connected until the first transfer. Each is bounded by system.ssh.timeout. */
export function filesOn(inventory: Inventory, device: Device, connections: RouterConnections, talk: Talk = atOnce): RouterFiles {
  const timeoutSeconds = inventory.system.ssh.timeout;
  const port = device.port ?? SSH_PORT;
  return {
    get: async (path, maxBytes) => {
      const { scpGet } = await import('../ssh/scp-get.ts');
      const { isMissingFile } = await import('../ssh/scp-dialogue.ts');
      try {
        return await talk('rpc', () => transfer(connections, port, async (connection) => (await scpGet(connection, path, { maxBytes, timeoutSeconds })).content));
      } catch (error) {
        if (isMissingFile(error)) return undefined;
        throw error;
      }
    },
    put: async (path, content, mode) => {
      const { scpPut } = await import('../ssh/scp-put.ts');
      const bytes = content instanceof Secret ? content.revealBytes() : content;
      await talk('rpc', () => transfer(connections, port, (connection) => scpPut(connection, path, bytes, { mode, timeoutSeconds })));
    },
  };
}

/** A connection on which a transfer broke, and not only was refused, is not used again. */
async function transfer<T>(connections: RouterConnections, port: number, work: (connection: SharedConnection) => Promise<T>): Promise<T> {
  const connection = await connections.on(port);
  try {
    const result = await work(connection);
    connection.close();
    return result;
  } catch (error) {
    if (isQkdError(error, 'scp')) connection.close();
    else connection.retire();
    throw error;
  }
}
