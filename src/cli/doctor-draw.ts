// doctor --draw: one key goes through both KMEs of a link, is compared and thrown away; then the same key again and a
// key that nobody drew must be refused, because a rotation trusts such a refusal. It uses one key up on every link; where
// a link has several pairs of KMEs, one of each pair.

import { randomUUID } from 'node:crypto';
import { asQkdError } from '../errors.ts';
import { type Finding, failed } from '../workflow/doctor/finding.ts';
import type { KmeRoute } from '../inventory/kme-pairs.ts';
import type { LinkEndWork } from '../workflow/link-end.ts';
import { keyBits } from '../workflow/link-keys.ts';

type Request = Parameters<LinkEndWork['site']['kme']['decKeys']>[0];

/** --draw: for every link of which this machine can speak for the master and the slaves. */
export async function checkDraw(ends: readonly LinkEndWork[]): Promise<Finding[]> {
  const masters = ends.filter(({ role }) => role === 'master');
  const found = await Promise.all(masters.map((master) => drawEach(master, ends.filter((end) => end.link === master.link && end.role === 'slave'))));
  if (masters.length > 0) return found.flat();
  return [{ check: 'draw', subject: 'links', verdict: 'not checked', evidence: 'no master of a link is in scope' }];
}

async function drawEach(master: LinkEndWork, slaves: readonly LinkEndWork[]): Promise<Finding[]> {
  const common = { check: 'draw', subject: `link ${master.link.name}` } as const;
  if (slaves.length < master.link.slaves.length) return [{ ...common, verdict: 'not checked', evidence: 'not every slave\'s certificate is on this machine: run it off-box' }];
  return (await Promise.all(master.kmeRoutes.map((route) => drawOne(master, slaves, route)))).flat();
}

async function drawOne(master: LinkEndWork, slaves: readonly LinkEndWork[], route: KmeRoute): Promise<Finding[]> {
  const common = { check: 'draw', subject: `link ${master.link.name}` } as const;
  const [first = '', ...additional] = master.slaveSaes;
  try {
    const began = performance.now();
    const [drawn] = await master.site.kme.encKeys({ slaveSaeId: first, additionalSlaveSaeIds: additional, number: 1, size: keyBits(master), kmes: [route.source] });
    if (drawn === undefined) return [{ ...common, verdict: 'fault', evidence: 'enc_keys gave no key', remedy: 'ask the KME\'s operator' }];
    const enc = Math.round(performance.now() - began);
    try {
      const found = await Promise.all(slaves.map((slave) => fetchOne(master, slave, { keyId: drawn.keyId, hex: drawn.key.revealHex(), enc, route })));
      return found.flat();
    } finally {
      drawn.key.wipe();
    }
  } catch (cause) {
    return [failed('draw', `${common.subject}, KME ${route.source}`, asQkdError('enc_keys', cause))];
  }
}

async function fetchOne(master: LinkEndWork, slave: LinkEndWork, drawn: { keyId: string; hex: string; enc: number; route: KmeRoute }): Promise<Finding[]> {
  const { source, targets } = drawn.route;
  const kmes = slave.site.device.kme.endpoints.map(({ name }) => name).filter((name) => targets.includes(name));
  const subject = `link ${master.link.name}, KME ${source} to ${kmes.join(' or ')}`;
  const request = { masterSaeId: master.masterSae, keyIds: [drawn.keyId], size: keyBits(slave), kmes };
  try {
    const began = performance.now();
    const [key] = await slave.site.kme.decKeys(request);
    const dec = Math.round(performance.now() - began);
    const same = key?.key.revealHex() === drawn.hex;
    key?.key.wipe();
    if (!same) return [{ check: 'draw', subject, verdict: 'fault', evidence: `key ${drawn.keyId} is another one at ${slave.site.device.name}`, remedy: 'stop: these KMEs do not share keys; ask their operator' }];
    const evidence = `key ${drawn.keyId} is the same at both ends: enc_keys ${drawn.enc} ms, dec_keys ${dec} ms; it was thrown away`;
    const refusals = [refusal(slave, request, { subject, what: 'a second fetch of the key', remedy: 'ask the KME\'s operator for one-time delivery' })];
    refusals.push(refusal(slave, { ...request, keyIds: [randomUUID()] }, { subject, what: 'a key_ID that was never drawn', remedy: 'stop: the KME gives keys that nobody has; ask its operator' }));
    return [{ check: 'draw', subject, verdict: 'ok', evidence }, ...(await Promise.all(refusals))];
  } catch (cause) {
    return [failed('draw', subject, asQkdError('dec_keys', cause))];
  }
}

/**
 * One-time delivery: the same key must not be had twice, and an unknown one not at all (ETSI GS QKD 014 clauses 5.3, 6.5:
 * 400, which means that the key is not there; some KMEs say 404 or 410).
 */
async function refusal(slave: LinkEndWork, request: Request, { subject, what, remedy }: { subject: string; what: string; remedy: string }): Promise<Finding> {
  const common = { check: 'error-contract', subject } as const;
  try {
    for (const { key } of await slave.site.kme.decKeys(request)) key.wipe();
    return { ...common, verdict: 'warning', evidence: `${what} is answered with a key`, remedy };
  } catch (cause) {
    const error = asQkdError('dec_keys', cause);
    if (error.code === 'kme-key-gone') return { ...common, verdict: 'ok', evidence: `${what} is refused` };
    return { ...common, verdict: 'warning', evidence: `${what} is refused in another way: ${error.message}`, remedy: 'set kme.quirks.unknown_key_status to the status that this KME means by it' };
  }
}
