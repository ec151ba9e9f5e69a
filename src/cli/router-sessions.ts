// Opens NETCONF sessions: on-box through mgd's own ways in, off-box over the router's shared SSH connections.

import { inStep } from '../errors.ts';
import type { Device, Inventory } from '../inventory/inventory.ts';
import type { Log } from '../log.ts';
import type { NetconfTransport } from '../netconf/transport/transport.ts';
import { noProfile } from '../profile.ts';
import type { RouterConnections } from '../ssh/shared-connection.ts';
import type { Run } from '../workflow/link-end.ts';
import type { RouterSession } from '../workflow/ports.ts';

/** A session with this machine's mgd: a child process, or the inventory's UNIX socket. */
export function openOnBoxSession(inventory: Inventory, log: Log): Promise<RouterSession> {
  const { mgdSocket, mgdCommand } = inventory.system.netconf;
  return inStep('mgd', async () => {
    const transport =
      mgdSocket === undefined
        ? await (await import('../netconf/transport/child-process.ts')).openChildProcess(mgdCommand)
        : await (await import('../netconf/transport/unix-socket.ts')).openUnixSocket(mgdSocket);
    return session(transport, inventory, log);
  });
}

/**
 * A session over SSH: on a port that is connected already, else NETCONF port 830, then 22, or the device's only port.
 * Its end is the end of the connection for those that come later: a new session proves that the router can be reached.
 */
export async function openSshSession(inventory: Inventory, device: Device, run: Run, shared: RouterConnections): Promise<RouterSession> {
  const { NETCONF_PORTS, netconfOverSsh } = await import('../netconf/transport/ssh.ts');
  const { log, profile = noProfile } = run;
  const first = shared.openPort;
  const ports = device.port === undefined ? [...NETCONF_PORTS].sort((a, b) => Number(b === first) - Number(a === first)) : [device.port];
  const open = async (port: number) => {
    const connection = await shared.on(port);
    return { ...connection, close: () => connection.retire() };
  };
  const transport = await netconfOverSsh(open, ports);
  return profile.measure('hello', { device: device.name }, () => session(transport, inventory, log));
}

async function session(transport: NetconfTransport, inventory: Inventory, log: Log): Promise<RouterSession> {
  const { openNetconfSession } = await import('../netconf/session.ts');
  const { rpcTimeout, commitTimeout, lockWait } = inventory.system.netconf;
  return openNetconfSession(transport, { log, rpcTimeoutSeconds: rpcTimeout, commitTimeoutSeconds: commitTimeout, lockWaitSeconds: lockWait });
}
