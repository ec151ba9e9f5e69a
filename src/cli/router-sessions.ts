// Opens NETCONF sessions: on-box through mgd's own ways in, off-box over SSH.

import { inStep } from '../errors.ts';
import type { Device, Inventory, SshSettings } from '../inventory/inventory.ts';
import type { Log } from '../log.ts';
import type { NetconfTransport } from '../netconf/transport/transport.ts';
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

/** A session over SSH: NETCONF port 830, then 22, or the device's only port. */
export async function openSshSession(inventory: Inventory, device: Device, log: Log): Promise<RouterSession> {
  const { connectSsh } = await import('../ssh/connect.ts');
  const { NETCONF_PORTS, netconfOverSsh } = await import('../netconf/transport/ssh.ts');
  const ports = device.port === undefined ? NETCONF_PORTS : [device.port];
  const open = (port: number) => connectSsh(sshTarget(inventory, device, port), attemptsFor(inventory, port === ports.at(-1)), { log });
  return session(await netconfOverSsh(open, ports), inventory, log);
}

/** Where another port is left to try, one attempt is enough: a router without port 830 must not cost all of them. */
function attemptsFor(inventory: Inventory, lastPort: boolean): SshSettings {
  return lastPort ? inventory.system.ssh : { ...inventory.system.ssh, attempts: 1 };
}

/** Where and as whom to log in to a device. */
export function sshTarget(inventory: Inventory, device: Device, port: number) {
  const { username, password, privateKeyFile, passphrase } = inventory.login;
  return {
    addresses: device.addresses,
    port,
    username,
    password,
    privateKey: privateKeyFile === undefined ? undefined : { file: privateKeyFile },
    passphrase,
    hostKeys: device.hostKeys,
  };
}

async function session(transport: NetconfTransport, inventory: Inventory, log: Log): Promise<RouterSession> {
  const { openNetconfSession } = await import('../netconf/session.ts');
  const { rpcTimeout, commitTimeout, lockWait } = inventory.system.netconf;
  return openNetconfSession(transport, { log, rpcTimeoutSeconds: rpcTimeout, commitTimeoutSeconds: commitTimeout, lockWaitSeconds: lockWait });
}
