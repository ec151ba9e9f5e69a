// The faults that tests and scripts can switch on while a router runs, and how one is read from JSON.
// `times` makes a fault one-shot (or n-shot); without it the fault stays until cleared.

import { checkFault, type FaultFields, type FaultTable } from '../../fault-fields.ts';

export type Fault =
  /** Each commit takes this long. */
  | { readonly kind: 'slow-commit'; readonly milliseconds: number }
  /** Each commit is refused. */
  | { readonly kind: 'refuse-commit' }
  /** The RPC, or each one when none is named, is executed at once, its reply comes late. */
  | { readonly kind: 'slow-reply'; readonly rpc?: string; readonly milliseconds: number }
  /** Another user's session holds the exclusive lock; with `times`, for that many attempts to lock. */
  | { readonly kind: 'lock-held'; readonly user?: string }
  /** Another user has left uncommitted changes in the shared candidate. */
  | { readonly kind: 'dirty-candidate'; readonly user?: string }
  /** The connection ends at the named RPC, or at the nth one of a session, before or after executing it. */
  | { readonly kind: 'drop-session'; readonly when: 'before' | 'after'; readonly rpc?: string; readonly nth?: number }
  /** Commit replies leave <routing-engine> open, as some multi-RE systems do. */
  | { readonly kind: 'malformed-commit-reply' }
  /** A warning in front of an otherwise good reply. */
  | { readonly kind: 'warning'; readonly rpc: string; readonly message: string }
  /** A banner or other text in front of <hello>. */
  | { readonly kind: 'text-before-hello'; readonly text: string }
  /** Every SSH login is refused. */
  | { readonly kind: 'refuse-login' }
  /** Silence: after TCP connect, in place of hello, or in place of any reply. */
  | { readonly kind: 'hang'; readonly where: 'connect' | 'hello' | 'reply' }
  /** SCP put ends with "No space left on device" after `bytes` bytes (0 unless told). */
  | { readonly kind: 'disk-full'; readonly bytes?: number }
  /** SCP put stores another last byte than it got, and says that all is well. */
  | { readonly kind: 'damaged-file' }
  /** SSH shows another host key than the one in `hostKeyFingerprint`. */
  | { readonly kind: 'changed-host-key' }
  /** Powered off: nothing listens, no MKA frame leaves. */
  | { readonly kind: 'down' }
  /** The management network is gone: SSH does not listen, mgd's socket and MKA go on. */
  | { readonly kind: 'unreachable' }
  /** No MKA frame passes on this interface. */
  | { readonly kind: 'fibre-cut'; readonly interface: string }
  /** The clock is so many seconds ahead, or behind when negative. */
  | { readonly kind: 'clock-offset'; readonly seconds: number }
  /** The clock follows no NTP server, whatever is configured. */
  | { readonly kind: 'ntp-unsynchronised' }
  /** The MACsec licence is missing: every commit is taken, and no session is shown. */
  | { readonly kind: 'no-macsec-licence' }
  | { readonly kind: 'mka-on-backup' }
  /** re1 has become master; cleared: re0 again. Each time sessions end and MKA starts over from the new master's configuration. */
  | { readonly kind: 'switchover' };

export type FaultKind = Fault['kind'];
export type FaultSetting = Fault & { readonly times?: number };
export type FaultOf<K extends FaultKind> = Extract<Fault, { kind: K }>;

/** The kinds with their fields, for JSON and for help texts. */
export const ROUTER_FAULTS: Readonly<Record<FaultKind, FaultFields>> = {
  down: { about: 'powered off: no SSH, no mgd, no MKA frames on any link' },
  unreachable: { about: 'SSH does not listen; mgd on the router and MKA go on' },
  'fibre-cut': { about: 'no MKA frame passes on this interface', required: { interface: 'string' } },
  'clock-offset': { about: "the router's clock is so many seconds ahead (negative: behind)", required: { seconds: 'integer' } },
  'ntp-unsynchronised': { about: 'show system uptime says LOCAL CLOCK' },
  switchover: { about: 're1 is master in place of re0, until cleared; on a bench with --routing-engines 2' },
  'no-macsec-licence': { about: 'show system license says that MACsec needs one; no MACsec or MKA session is shown' },
  'mka-on-backup': { about: 'the backup routing engine shows the MKA sessions too, without a peer' },
  'slow-commit': { about: 'each commit takes this long', required: { milliseconds: 'number' } },
  'refuse-commit': { about: 'each commit is refused: configuration check-out failed' },
  'slow-reply': { about: 'the RPC is executed at once, its reply comes late; without rpc: every RPC', required: { milliseconds: 'number' }, optional: { rpc: 'string' } },
  'lock-held': { about: "another user's session holds the exclusive lock", optional: { user: 'string' } },
  'dirty-candidate': { about: 'another user has left uncommitted changes in the shared candidate', optional: { user: 'string' } },
  'drop-session': { about: 'the connection ends at an RPC', required: { when: ['before', 'after'] }, optional: { rpc: 'string', nth: 'number' } },
  'malformed-commit-reply': { about: 'commit replies leave <routing-engine> open' },
  warning: { about: 'a warning in front of an otherwise good reply', required: { rpc: 'string', message: 'string' } },
  'text-before-hello': { about: 'a banner in front of <hello>', required: { text: 'string' } },
  'refuse-login': { about: 'every SSH login is refused' },
  hang: { about: 'silence after TCP connect, in place of hello, or of any reply', required: { where: ['connect', 'hello', 'reply'] } },
  'disk-full': { about: 'SCP put ends with "No space left on device"', optional: { bytes: 'number' } },
  'damaged-file': { about: 'SCP put stores another last byte than it got, and says that all is well' },
  'changed-host-key': { about: 'SSH shows another host key' },
};

/** Faults that are a state of the router: they last until cleared, so they take no `times`. */
const STATES: readonly FaultKind[] = ['down', 'unreachable', 'fibre-cut', 'clock-offset', 'ntp-unsynchronised', 'no-macsec-licence', 'mka-on-backup', 'switchover'];

const TABLE: FaultTable = Object.fromEntries(
  Object.entries(ROUTER_FAULTS).map(([kind, fields]) => [kind, STATES.includes(kind as FaultKind) ? fields : { ...fields, optional: { ...fields.optional, times: 'number' } }]),
);

/** Checks a fault that came as JSON. Throws TypeError naming the field that is wrong. */
export function readFault(value: unknown): FaultSetting {
  return checkFault(value, 'kind', TABLE) as unknown as FaultSetting;
}
