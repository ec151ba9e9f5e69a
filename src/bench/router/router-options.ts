// What a simulated router is told when it starts.

import type { Secret } from '../../secret.ts';
import type { MgdOptions, MgdUser } from '../mgd/mgd.ts';

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
  /** Login of the programs that run on the router (`cli` relay, mgd socket); the first user unless told. */
  readonly localUser?: string;
  /** 0, the default, for any free port. */
  readonly sshPort?: number;
  /** Configuration at start as `set` lines; see initial-configuration.ts. */
  readonly initial?: readonly string[];
  readonly platform?: Partial<Platform>;
  /** Two have files, configuration and host key each; re0 is master until the fault `switchover`. */
  readonly routingEngines?: 1 | 2;
  /** Addresses of re0 and re1 themselves, beside `host`, where the master answers; on the same port. */
  readonly engineHosts?: readonly [string, string];
  /** Start times of keys are taken and shown in the router's local time, without a zone. */
  readonly startTimesWithoutZone?: boolean;
  /** The bench's time, milliseconds since 1970 UTC, and its timers; Date.now and setTimeout unless told. */
  readonly clock?: { now(): number; readonly after?: MgdOptions['after'] | undefined };
  /** Milliseconds by which the router's own clock is ahead of it (negative: behind); 0 unless told. */
  readonly clockOffset?: number;
  /** Milliseconds a commit takes; 0 unless told. */
  readonly commitDelay?: number;
  /** Longest silence in an SCP transfer, milliseconds. */
  readonly scpIdle?: number;
  /** Told of each RPC by name, and of each file sent as `scp`: when it has been carried out, and before the client can know. */
  readonly onAnswer?: ((what: string) => void) | undefined;
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

/** "24.4R1" of "24.4R1.9-EVO": what Junos writes into namespaces. */
export function releaseOf(options: RouterOptions): string {
  const { version } = platformOf(options);
  return /^\d+\.\d+[RXBI]\d+(?:-S\d+)?/.exec(version)?.[0] ?? version;
}
