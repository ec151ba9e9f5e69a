// What a simulated router is told when it starts.

import type { Secret } from '../../secret.ts';
import type { MgdUser } from '../mgd/mgd.ts';

export interface RouterUser extends MgdUser {
  readonly password?: Secret | string;
  /** OpenSSH public key lines; the configuration may add more. */
  readonly publicKeys?: readonly string[];
}

export interface Platform {
  /** "mx304", as `show version` prints it. */
  readonly model: string;
  /** "24.4R1.9" or, on Evolved, "24.4R1.9-EVO". */
  readonly version: string;
  readonly serialNumber: string;
  /** Junos Evolved instead of classic Junos. */
  readonly evolved: boolean;
}

export interface RouterOptions {
  readonly name: string;
  /** The router's folder on the host; made when absent. Its files are in `dir/root`. */
  readonly dir: string;
  /** The first one is also the user of the UNIX socket and of the `cli` relay. */
  readonly users: readonly RouterUser[];
  readonly host?: string;
  /** 0, the default, for any free port. */
  readonly sshPort?: number;
  /** Configuration at start as `set` lines; see initial-configuration.ts. */
  readonly initial?: readonly string[];
  readonly platform?: Partial<Platform>;
  readonly routingEngines?: 1 | 2;
  /** Start times of keys are taken and shown in the router's local time, without a zone. */
  readonly startTimesWithoutZone?: boolean;
  /** The bench's time, milliseconds since 1970 UTC; Date.now unless told. */
  readonly clock?: { now(): number };
  /** Milliseconds by which the router's own clock is ahead of it (negative: behind); 0 unless told. */
  readonly clockOffset?: number;
  /** Milliseconds a commit takes; 0 unless told. */
  readonly commitDelay?: number;
  /** Longest silence in an SCP transfer, milliseconds. */
  readonly scpIdle?: number;
}

/** The platform with its defaults filled in. */
export function platformOf(options: RouterOptions): Platform {
  const evolved = options.platform?.evolved ?? false;
  return {
    model: evolved ? 'ptx10001-36mr' : 'mx304',
    version: evolved ? '24.4R1.9-EVO' : '24.4R1.9',
    serialNumber: `BENCH-${options.name.toUpperCase()}`,
    ...options.platform,
    evolved,
  };
}
