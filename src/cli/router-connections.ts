// Where and as whom this program logs in to a router, and the SSH connections that a run shares for one router.
// How a connection comes about is src/ssh; what runs over it is router-sessions.ts and router-files.ts.

import type { Device, Inventory, SshSettings } from '../inventory/inventory.ts';
import type { Log } from '../log.ts';
import { type Profile, noProfile } from '../profile.ts';
import { RouterConnections } from '../ssh/shared-connection.ts';

/** NETCONF over SSH's own port; a router without it must not cost every attempt (see attemptsFor). */
const NETCONF_PORT = 830;

export interface ConnectionWorld {
  readonly log: Log;
  /** See ConnectionRules. */
  readonly silenceIsFinal: boolean;
  /** Waits for this connection's turn, where a run opens so many a second only. */
  readonly turn?: (() => Promise<void>) | undefined;
  /** Login name; default: the inventory's. */
  readonly username?: string;
  readonly profile?: Profile | undefined;
}

/** The connections to one router; nothing is connected yet. */
export function connectionsTo(inventory: Inventory, device: Device, world: ConnectionWorld): RouterConnections {
  const open = async (port: number) => {
    await world.turn?.();
    const { connectSsh } = await import('../ssh/connect.ts');
    const target = { ...sshTarget(inventory, device, port), ...(world.username !== undefined && { username: world.username }) };
    const connect = () => connectSsh(target, attemptsFor(inventory, device, port), { log: world.log });
    return (world.profile ?? noProfile).measure('connect', { device: device.name }, connect);
  };
  return new RouterConnections({ open, silenceIsFinal: world.silenceIsFinal });
}

/** Where another port is left to try, one attempt is enough. */
function attemptsFor({ system }: Inventory, device: Device, port: number): SshSettings {
  return port === NETCONF_PORT && device.port === undefined ? { ...system.ssh, attempts: 1 } : system.ssh;
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
