// What should happen next on a link of method pre-shared-key (design section 5): the original system's
// way, one key replaced in place on each end. Pure: everything known goes in, one action comes out; the
// workflow carries it out, looks again and asks again.
//
// The rule that keeps traffic up: Junos keeps the preceding key alive until the new one is live, but only
// one. So the master replaces a key only when its own MKA session shows that the slaves share the present
// one, and goes past a key that a slave cannot get only when the slave says so or has had two intervals.

export interface PreSharedKeyView {
  /** Milliseconds since 1970 UTC. */
  readonly now: number;
  /** Until when this run may wait for the other end, milliseconds since 1970 UTC. */
  readonly waitUntil: number;
  readonly role: 'master' | 'slave';
  /** Seconds. */
  readonly interval: number;
  readonly poll: number;
  /** The key in the router's configuration; undefined when the association is not configured yet. */
  readonly current: CurrentKey | undefined;
  /** Whether the router's MKA session is secured with the current key; absent: no session is shown. */
  readonly mka: 'live' | 'not-live' | 'absent';
  /** MKA holds still for a routing engine switchover: nothing may change that it would have to react to. */
  readonly isSuspended: boolean;
  readonly own: PublishedKeys;
  /** What the other ends published: the master alone for a slave, every slave for the master. */
  readonly others: ReadonlyMap<string, PublishedKeys>;
  /** Master: in this run another end was seen without the present key. */
  readonly sawBehind: boolean;
  /** The router's syslog started this run, between two ticks: anyone on the line can make it do so. */
  readonly isRepairRun: boolean;
  /** True once this run has installed a key. */
  readonly installed: boolean;
}

export interface CurrentKey {
  readonly ckn: string;
  /** Undefined for a key that did not come from the KME: an initial key, an operator's own. */
  readonly keyId: string | undefined;
}

export interface PublishedKeys {
  /** Newest key_ID; undefined when nothing is published. */
  readonly newest: string | undefined;
  /** When it was installed, milliseconds since 1970 UTC; undefined when not known. */
  readonly since: number | undefined;
  /** key_IDs that the end could not get from its KME. */
  readonly refused: readonly string[];
  /** What the end is on; undefined when it does not say. */
  readonly method: 'key-chain' | 'pre-shared-key' | undefined;
  /** Why the record could not be read; undefined when it could. */
  readonly unreadable: string | undefined;
}

export type PreSharedKeyAction =
  /** Master: draw a key, install it, publish it. */
  | { readonly do: 'fetch' }
  /** Slave: get this key, install it, publish it. */
  | { readonly do: 'take'; readonly keyId: string }
  /** Publish what the configuration holds: the record is missing or behind. */
  | { readonly do: 'publish'; readonly keyId: string }
  | { readonly do: 'wait'; readonly until: number; readonly why: string }
  | { readonly do: 'done'; readonly outcome: 'rotated' | 'installed' | 'confirmed' | 'waiting' | 'unchanged' | 'failed'; readonly why: string };

/** One next action for this end of the link. */
export function planPreSharedKey(view: PreSharedKeyView): PreSharedKeyAction {
  const configured = view.current?.keyId;
  const behind = !sameKeyId(configured ?? '', view.own.newest) || view.own.method === 'key-chain';
  if (configured !== undefined && behind) return { do: 'publish', keyId: configured };
  if (view.isSuspended && !view.installed) return afterSuspension(view, 'MKA is suspended for a routing engine switchover');
  return view.role === 'master' ? planMaster(view) : planSlave(view);
}

function planMaster(view: PreSharedKeyView): PreSharedKeyAction {
  if (view.installed) return { do: 'done', outcome: 'rotated', why: 'new key installed and published' };
  if (view.isRepairRun) return { do: 'done', outcome: 'unchanged', why: 'between two ticks no key is drawn' };
  const keyId = view.current?.keyId;
  const isRefused = [...view.others.values()].some((end) => keyId !== undefined && end.refused.some((id) => sameKeyId(id, keyId)));
  if (isRefused && view.mka !== 'live') return { do: 'fetch' };
  // On its way from a key chain: all ends still use the key that was carried over.
  const onChain = [...view.others].filter(([, end]) => end.method === 'key-chain').map(([name]) => name);
  if (onChain.length > 0) return { do: 'done', outcome: 'waiting', why: `${onChain.join(', ')} still uses its key chain` };
  // An end that has only just followed, in this same interval, is not made to follow again.
  if (view.mka === 'live' && view.sawBehind) return { do: 'done', outcome: 'confirmed', why: 'the slave has taken the present key' };
  if (view.current === undefined || view.mka !== 'not-live') return { do: 'fetch' };
  if (view.now < view.waitUntil) return pause(view, 'the slave has not taken the present key');
  // A key of unknown origin or age gives no one a reason to wait for it any longer.
  if (keyId === undefined || view.own.since === undefined) return { do: 'fetch' };
  if (view.now - view.own.since >= 2 * view.interval * 1000) return { do: 'fetch' };
  return { do: 'done', outcome: 'waiting', why: 'the slave has not taken the present key; it stays until the slave does, refuses it, or two intervals have passed' };
}

function planSlave(view: PreSharedKeyView): PreSharedKeyAction {
  const [name, master] = [...view.others][0] ?? ['the master', NOTHING];
  const offered = master.newest;
  const takes = offered !== undefined && !sameKeyId(offered, view.current?.keyId) && !view.own.refused.some((id) => sameKeyId(id, offered));
  if (takes && !view.installed) return { do: 'take', keyId: offered };
  if (view.installed) return { do: 'done', outcome: 'installed', why: 'key of the master installed' };
  if (view.now < view.waitUntil) return pause(view, `${name} has published no new key`);
  if (master.unreadable !== undefined) return { do: 'done', outcome: 'failed', why: master.unreadable };
  if (offered === undefined) return { do: 'done', outcome: 'waiting', why: `${name} has published no key yet` };
  return { do: 'done', outcome: 'unchanged', why: `${name} has published no new key` };
}

const NOTHING: PublishedKeys = { newest: undefined, since: undefined, refused: [], method: undefined, unreadable: undefined };

function afterSuspension(view: PreSharedKeyView, why: string): PreSharedKeyAction {
  return view.now < view.waitUntil ? pause(view, why) : { do: 'done', outcome: 'waiting', why };
}

function pause(view: PreSharedKeyView, why: string): PreSharedKeyAction {
  return { do: 'wait', until: Math.min(view.now + view.poll * 1000, view.waitUntil), why };
}

function sameKeyId(a: string, b: string | undefined): boolean {
  return b !== undefined && a.toLowerCase() === b.toLowerCase();
}
