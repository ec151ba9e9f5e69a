// What the program does when the inventory is silent: settings and folders. The same values stand in the
// `description`s of inventory.schema.json.

import { join, resolve } from 'node:path';
import { completeCertificates } from './certificates.ts';
import type { PathsJson, SystemJson } from './inventory-json.ts';
import type { Paths, RotationSettings, SystemSettings } from './inventory.ts';

/** What the inventory is read for; nothing here is asked of the process. */
export interface InventoryContext {
  readonly mode: 'onbox' | 'offbox';
  /** Absolute path of the current folder. */
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The user that runs the program, and that user's home folder. */
  readonly userName: string;
  readonly userHome: string;
  /** Takes one line that the operator should see. */
  readonly warn: (message: string) => void;
}

/** Writes its last argument to the router's syslog. */
export const SYSLOG_COMMAND: readonly string[] = ['/usr/bin/logger', '-t', 'qkd-macsec', '-p', 'daemon.warning'];

/** An absolute path from the inventory's words; `~/` is the user's home, else relative to `folder`. */
export function resolvePath(context: InventoryContext, folder: string, path: string): string {
  return path.startsWith('~/') ? join(context.userHome, path.slice(2)) : resolve(folder, path);
}

/** Folders and record files; `folder` is the inventory's. */
export function completePaths(json: PathsJson, username: string, folder: string, context: InventoryContext): Paths {
  const given = (path: string | undefined): string | undefined => (path === undefined ? undefined : resolvePath(context, folder, path));
  // Where Junos OS Evolved's labels let a login user write, and where another router's program writes.
  const onboxHome = `/var/home/${username}/qkd-macsec`;
  const home = given(json.home) ?? (context.mode === 'onbox' ? onboxHome : join(context.cwd, 'qkd-macsec'));
  const records = given(json.records) ?? join(home, 'records');
  return {
    home,
    certificates: given(json.certificates) ?? join(home, 'certs'),
    records,
    logs: given(json.logs) ?? join(home, 'logs'),
    record: given(json.record) ?? join(records, '{}_last_key.json'),
    peerRecord: json.peer_record ?? `${onboxHome}/records/{}_last_key.json`,
    recordMode: Number.parseInt(json.record_mode ?? '0600', 8),
  };
}

/** All settings; `folder` is the inventory's, `home` is paths.home, `username` logs in to routers. */
export function completeSystem(json: SystemJson, given: { folder: string; home: string; username: string }, context: InventoryContext): SystemSettings {
  const { folder, home, username } = given;
  const { ssh = {}, netconf = {}, alarms = {}, kme = {} } = json;
  const hostKeyPolicy = ssh.host_key_policy ?? 'strict';
  const known = ssh.known_hosts_file;
  return {
    maxThreads: json.max_threads ?? 4,
    rotation: completeRotation(json.rotation ?? {}),
    ssh: {
      attempts: ssh.attempts ?? 3,
      delay: ssh.delay ?? 5,
      timeout: ssh.timeout ?? 10,
      hostKeyPolicy,
      pace: ssh.pace ?? 50,
      knownHostsFile: known === undefined ? usualKnownHosts(hostKeyPolicy, home, context) : resolvePath(context, folder, known),
    },
    netconf: {
      mgdCommand: netconf.mgd_command ?? ['/usr/sbin/cli', 'xml-mode', 'netconf', 'need-trailer'],
      mgdSocket: netconf.mgd_socket === undefined ? undefined : resolvePath(context, folder, netconf.mgd_socket),
      rpcTimeout: netconf.rpc_timeout ?? 60,
      commitTimeout: netconf.commit_timeout ?? 300,
      lockWait: netconf.lock_wait ?? 60,
    },
    kme: { attemptTimeout: kme.attempt_timeout ?? 10, deadline: kme.deadline ?? 30, propagationAttempts: kme.propagation_attempts ?? 6, retention: kme.retention },
    alarms: {
      command: alarms.command ?? SYSLOG_COMMAND,
      stalledAfter: alarms.stalled_after ?? 3,
      certificateDays: alarms.certificate_days ?? 14,
    },
    certificates: completeCertificates(json.certificates ?? {}, username),
    eventOptions: { startTime: json.event_options?.start_time },
  };
}

function usualKnownHosts(policy: 'strict' | 'accept-new', home: string, context: InventoryContext): string | undefined {
  if (context.mode === 'offbox') return join(context.userHome, '.ssh', 'known_hosts');
  return policy === 'accept-new' ? join(home, 'known_hosts') : undefined;
}

function completeRotation(json: NonNullable<SystemJson['rotation']>): RotationSettings {
  const interval = json.interval ?? 600;
  return {
    interval,
    // Three ticks, so that each end has one of its own between the other's decision and the start time.
    lead: json.lead ?? 3 * interval + 120,
    margin: json.margin ?? 30,
    ring: json.ring ?? 8,
    maxClockDifference: json.max_clock_difference ?? 5,
    wait: json.wait ?? 120,
    poll: json.poll ?? 5,
    keysPerCommit: json.keys_per_commit ?? 1,
  };
}
