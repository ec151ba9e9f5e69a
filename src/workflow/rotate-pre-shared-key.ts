// Carries out method pre-shared-key at one end of a link: looks, asks the planner, does the one thing it
// says, and looks again until the planner is done. The order inside an action is what keeps faults
// harmless: nothing is committed without a checked key, nothing is published that is not committed.

import { randomBytes } from 'node:crypto';
import { QkdError, isQkdError } from '../errors.ts';
import { connectivityAssociation, preSharedKeyDocument, secretOf } from '../junos/macsec.ts';
import { isSameSecret } from '../junos/obfuscated-secret.ts';
import { planPreSharedKey } from '../rotation/pre-shared-key.ts';
import { Secret } from '../secret.ts';
import { commitInitial, initialDocument } from './apply-initial-configuration.ts';
import { cakBits, preSharedKeyCak, preSharedKeyCkn } from './key-material.ts';
import { type LinkEndWork, commitLog, identity, leftToMaster, recordIdentity } from './link-end.ts';
import { drawLinkKeys, fetchLinkKey, refuseCakInUse, targetKmes, withKmes } from './link-keys.ts';
import { type PreSharedKeyObservation, linkSessions, observePreSharedKey } from './observe-pre-shared-key.ts';
import type { KmeKey } from './ports.ts';
import type { LinkReport } from './report.ts';
import { lookOfPreSharedKey } from './witness.ts';

/**
 * Rotates this end once, within the run's budget. A missing connectivity association is configured together
 * with the first key when `mayInitialise`. Throws QkdError; nothing is then half-applied.
 */
export async function rotatePreSharedKey(work: LinkEndWork, mayInitialise: boolean): Promise<LinkReport> {
  let installed: KmeKey | undefined;
  let refusal: QkdError | undefined;
  let sawBehind = false;
  for (;;) {
    const observation = await observePreSharedKey(work, { installed: installed !== undefined, sawBehind });
    sawBehind = observation.view.sawBehind;
    if (work.run.witness !== undefined) work.run.witness.look(await lookOfPreSharedKey(work, observation), observation.sessions);
    if (observation.association === undefined && !mayInitialise) throw notConfigured(work);
    const action = planPreSharedKey(work.run.dryRun ? asPublished(observation.view) : observation.view);
    work.run.log.write('DEBUG', 'plan', action.do, { link: work.link.name, device: work.site.device.name, ...('why' in action ? { why: action.why } : {}) });
    if (action.do === 'done' && refusal !== undefined && installed === undefined) throw refusal;
    if (action.do === 'done') return report(work, observation, action);
    if (action.do === 'wait' && work.run.dryRun) return { ...identity(work), outcome: 'unchanged', reason: `dry run: would wait: ${action.why}` };
    if (action.do === 'wait') await work.run.clock.sleep(action.until - work.run.clock.now());
    else if (action.do === 'publish') await publish(work, action.keyId, { refused: false });
    else if (await work.site.router.isBackup()) return leftToMaster(work);
    else if (work.run.dryRun) return rehearse(work, observation);
    else {
      const got = await key(work, observation, action);
      if (got instanceof QkdError) refusal = got;
      else installed = await install(work, observation, got);
    }
  }
}

function notConfigured(work: LinkEndWork): QkdError {
  return new QkdError('link', `router ${work.site.device.name}: connectivity association ${work.link.connectivityAssociation} is not configured`, { hint: 'run qkd-macsec init' });
}

/** A dry run publishes nothing, so it must not be told that it should. */
function asPublished(view: PreSharedKeyObservation['view']): PreSharedKeyObservation['view'] {
  return { ...view, own: { ...view.own, method: 'pre-shared-key', newest: view.current?.keyId ?? view.own.newest } };
}

/** A key to install, or why the KME cannot give the one that the master published: that is published too. */
async function key(work: LinkEndWork, observation: PreSharedKeyObservation, action: { do: 'fetch' } | { do: 'take'; keyId: string }): Promise<KmeKey | QkdError> {
  await work.site.records.checkWritable();
  const got = action.do === 'fetch' ? only(await drawLinkKeys(work, 1)) : await takeKey(work, observation, action.keyId);
  if (!(got instanceof QkdError)) await refuseUsedKey(work, observation, got);
  return got;
}

/** A key that was here before is no new key: neither its key_ID, as far back as the record goes, nor the bytes in use. */
async function refuseUsedKey(work: LinkEndWork, observation: PreSharedKeyObservation, got: KmeKey): Promise<void> {
  const recorded = (await work.site.ownRecord.link(work.link.name))?.keys.filter((entry) => !entry.refused) ?? [];
  const seen = recorded.some((entry) => entry.key_ID.toLowerCase() === got.keyId.toLowerCase());
  const hint = 'a KME must deliver every key once: ask its operator';
  if (seen || preSharedKeyCkn(work.link, got.keyId) === observation.view.current?.ckn) {
    throw new QkdError('kme-answer', `KME ${work.site.kme.name}: key_ID ${got.keyId} was used before`, { hint });
  }
  const cak = preSharedKeyCak(work.link, got);
  await refuseCakInUse(work, got.keyId, cak).finally(() => cak.wipe());
}

/** A refused key is published, so that the master does not wait for an end that can never have it. */
async function takeKey(work: LinkEndWork, { masterEntry }: PreSharedKeyObservation, keyId: string): Promise<KmeKey | QkdError> {
  try {
    return only(await fetchLinkKey(work, keyId, masterEntry === undefined ? undefined : targetKmes(masterEntry, keyId)));
  } catch (error) {
    if (!isQkdError(error, 'kme-key-gone')) throw error;
    work.run.log.write('WARNING', 'kme', error.message, { link: work.link.name });
    await publish(work, keyId, { refused: true });
    return error;
  }
}

function only(keys: readonly KmeKey[]): KmeKey {
  const [first] = keys;
  if (first === undefined || keys.length > 1) throw new QkdError('kme-answer', `${keys.length} keys instead of one`);
  return first;
}

async function install(work: LinkEndWork, observation: PreSharedKeyObservation, fetched: KmeKey): Promise<KmeKey> {
  const ckn = preSharedKeyCkn(work.link, fetched.keyId);
  const cak = preSharedKeyCak(work.link, fetched);
  const document = observation.association === undefined ? initialDocument(work, { ckn, cak }) : preSharedKeyDocument(work.link.connectivityAssociation, ckn, cak);
  const commit = async (): Promise<void> => {
    if (observation.association === undefined) await commitInitial(work, document);
    else await work.site.router.change({ document, log: commitLog(work, 'key') });
  };
  try {
    await work.site.router.exclusive(commit);
    await readBack(work, ckn, cak);
  } finally {
    cak.wipe();
    fetched.key.wipe();
  }
  await publish(work, fetched.keyId, { refused: false });
  work.run.log.write('NOTICE', 'key', 'installed', { link: work.link.name, device: work.site.device.name, key_ID: fetched.keyId });
  return fetched;
}

/** The configuration must hold this CKN and, as far as the router shows it, this CAK. */
async function readBack(work: LinkEndWork, ckn: string, cak: Secret): Promise<void> {
  const configuration = await work.site.router.configuration();
  const { connectivityAssociation: association } = work.link;
  const found = connectivityAssociation(configuration, association)?.preSharedCkn;
  const hint = 'see who else commits on this router: show system commit';
  if (found !== ckn) throw new QkdError('read-back', `router ${work.site.device.name}: the configuration holds CKN ${found ?? 'none'} instead of ${ckn}`, { hint });
  if (isSameSecret(secretOf(configuration, { association }), cak) === false) {
    throw new QkdError('read-back', `router ${work.site.device.name}: the configuration holds CKN ${ckn} with another CAK`, { hint });
  }
}

async function publish(work: LinkEndWork, keyId: string, state: { refused: boolean }): Promise<void> {
  const start = new Date(work.run.clock.now()).toISOString();
  const key = { key_ID: keyId, start_time: start, confirmed: false, refused: state.refused };
  const { keys: _, ...kmes } = await withKmes(work, [key]);
  await work.site.ownRecord.putKey(work.link.name, { ...recordIdentity(work, 'pre-shared-key'), ...kmes }, key);
}

/** --dry-run: the router checks and compares a stand-in key; nothing is drawn, committed or published. */
async function rehearse(work: LinkEndWork, observation: PreSharedKeyObservation): Promise<LinkReport> {
  const ckn = preSharedKeyCkn(work.link, '00000000-0000-0000-0000-000000000000');
  const cak = Secret.ofText(randomBytes(cakBits(work.link.cipherSuite) / 8).toString('hex'));
  const document = observation.association === undefined ? initialDocument(work, { ckn, cak }) : preSharedKeyDocument(work.link.connectivityAssociation, ckn, cak);
  const { difference } = await work.site.router.exclusive(() => work.site.router.change({ document, log: commitLog(work, 'dry run'), dryRun: true }));
  return { ...identity(work), outcome: 'unchanged', reason: observation.association === undefined ? 'dry run: would apply the initial configuration (shown with a stand-in key)' : 'dry run: would replace the key (shown with a stand-in key_ID)', difference };
}

async function report(work: LinkEndWork, observation: PreSharedKeyObservation, done: { outcome: LinkReport['outcome']; why: string }): Promise<LinkReport> {
  if (done.outcome === 'failed') throw observation.unreadable ?? new QkdError('record', done.why, { hint: 'check that the other router can be reached and runs its event policy' });
  const entry = await work.site.ownRecord.link(work.link.name);
  const sessions = await linkSessions(work);
  const mka = [...new Set(sessions.map((s) => s.state ?? 'state not shown'))].join(', ') || 'no session';
  work.run.log.write('NOTICE', 'mka', mka, { link: work.link.name, device: work.site.device.name });
  return {
    ...identity(work),
    outcome: done.outcome,
    reason: done.why,
    keyId: observation.view.current?.keyId,
    ckn: observation.view.current?.ckn,
    startTime: entry?.keys.filter((k) => !k.refused).at(-1)?.start_time,
    mka,
  };
}
