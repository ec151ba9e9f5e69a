// How a run of method key-chain ends, told to people: the planner's reasons in words, what was seen and left
// alone, and which key is the newest.

import { QkdError } from '../errors.ts';
import type { Done, DoneReason, WaitReason } from '../rotation/action.ts';
import type { Observation } from '../rotation/observation.ts';
import { remarks } from '../rotation/remarks.ts';
import { type LinkEndWork, identity } from './link-end.ts';
import { type KeyChainLook, type KeyChainMemory, spelt } from './observe-key-chain.ts';
import type { LinkReport } from './report.ts';

const REASONS: Record<DoneReason, string> = {
  rotated: 'new key installed and confirmed by all ends',
  installed: 'new key installed; not every end has confirmed it yet',
  confirmed: 'key confirmed by all ends',
  withdrawn: 'key withdrawn before it was used on one end only',
  moved: 'moved to the other method with the key in use',
  'not-due': 'the newest key needs no successor yet',
  'awaiting-slaves': 'waiting for the slaves to install the key',
  'awaiting-master': 'waiting for the master to confirm the key',
  'awaiting-record': 'no new key without the record of every other end',
  draining: 'the scheduled keys run out before the link moves to pre-shared-key',
  'key-not-shared': 'not every end has the present pre-shared-key yet',
  'backup-routing-engine': 'this is the backup routing engine',
  'inactive-configuration': 'the connectivity association is deactivated',
  'mka-suspended': 'MKA is suspended for a routing engine switchover',
  'clock-difference': 'the clocks are too far apart',
  'ring-full': 'no slot of the key chain may be overwritten',
  'out-of-time': 'the time of this run is used up',
  'step-failed': 'a step failed',
};

/** What a run stays for, after "would wait". */
export const WAITS: Record<WaitReason, string> = {
  'slaves-to-install': 'for the slaves to install the key',
  'master-to-confirm': 'for the master to confirm the key',
  'master-to-publish': 'for the master to publish its next key',
  'master-deadline': 'until the key must be confirmed by all ends or withdrawn',
  'slave-deadline': 'until the key must be confirmed by the master or withdrawn',
  'clock-difference': 'to measure the difference of the clocks once more',
  activation: 'to see MKA go over to the key that starts',
};

/** What a run came to on a link. Throws the failed step's error, or clock or link, when the planner calls it failed. */
export function keyChainReport(work: LinkEndWork, memory: KeyChainMemory, ended: { look: KeyChainLook; done: Done; error: QkdError | undefined }): LinkReport {
  const { look, done, error } = ended;
  const { observation, sessions } = look;
  for (const { reason, text } of remarks(observation)) work.run.log.write('NOTICE', reason, text, { link: work.link.name, device: work.site.device.name });
  if (done.outcome === 'failed') throw failureOf(work, done.reason, error);
  const [unusable] = memory.unusable.values();
  if (unusable !== undefined) throw unusable;
  const named = keyOf(observation, done);
  const mka = [...new Set(sessions.map((session) => session.state ?? 'state not shown'))].join(', ') || 'no session';
  work.run.log.write('NOTICE', 'mka', mka, { link: work.link.name, device: work.site.device.name });
  return {
    ...identity(work),
    outcome: done.outcome,
    reason: reasonFor(observation, done.reason),
    keyId: named.keyId === undefined ? undefined : spelt(memory, named.keyId),
    ckn: named.ckn,
    startTime: named.startTime === undefined ? undefined : new Date(named.startTime).toISOString(),
    mka,
  };
}

/** The reason as this end sees it. */
function reasonFor({ role, others }: Observation, reason: DoneReason): string {
  if (reason === 'installed' && role === 'slave') return 'new key installed; the master has not confirmed it yet';
  if (reason !== 'awaiting-record') return REASONS[reason];
  const unread = others.flatMap(({ device, reading }) => (reading.kind === 'unreadable' ? [`record of ${device}: ${reading.why}`] : []));
  return `${REASONS[reason]}: ${unread.join('; ')}`;
}

/**
 * The key that the outcome is about: a run that confirms one key and installs the next reports `confirmed` with the
 * first. A withdrawn key has no CKN any more. Where the outcome is about no key, the newest one of ours.
 */
function keyOf({ configuration, run }: Observation, { keyId }: Done): { readonly keyId: string | undefined; readonly ckn: string | undefined; readonly startTime: number | undefined } {
  const ours = configuration.chain.filter((key) => key.keyId !== undefined && key.startTime !== undefined).sort((a, b) => (a.startTime ?? 0) - (b.startTime ?? 0));
  const found = keyId === undefined ? ours.at(-1) : ours.find((key) => key.keyId === keyId);
  if (found !== undefined) return found;
  const withdrawn = run.withdrawn.find((key) => key.keyId === keyId);
  return { keyId, ckn: undefined, startTime: withdrawn?.startTime };
}

function failureOf(work: LinkEndWork, reason: DoneReason, error: QkdError | undefined): QkdError {
  const where = `router ${work.site.device.name}: link ${work.link.name}`;
  if (reason === 'clock-difference') return new QkdError('clock', `${where}: ${REASONS[reason]}`, { hint: 'check NTP on all routers of the link: show system uptime' });
  if (reason === 'step-failed' && error !== undefined) return error;
  return new QkdError('link', `${where}: ${REASONS[reason]}`, { hint: 'see the log; keys of other origin in the chain take up slots' });
}
