// Keys for one end of a link: drawn or fetched at the KMEs that serve this link, and where each came from, so that the
// record can say it and the other ends ask the KMEs that have it. A key that the link has had before is refused.

import { QkdError } from '../errors.ts';
import { secretOf, shownCaks } from '../junos/macsec.ts';
import { isSameSecret } from '../junos/obfuscated-secret.ts';
import type { RecordedKey, RecordedLink } from '../keyids/record.ts';
import type { ChainKey } from '../rotation/observation.ts';
import type { Secret } from '../secret.ts';
import { cakBits, keyChainCak, keyChainCkn } from './key-material.ts';
import type { LinkEndWork } from './link-end.ts';
import type { KmeKey } from './ports.ts';

type Kmes = Pick<RecordedLink, 'source_kme' | 'target_kmes'>;

/** Draws `number` keys for the link's slaves. */
export async function drawLinkKeys(work: LinkEndWork, number: number): Promise<KmeKey[]> {
  const [first = '', ...additional] = work.slaveSaes;
  return work.site.kme.encKeys({
    slaveSaeId: first,
    additionalSlaveSaeIds: additional,
    number,
    size: keyBits(work),
    kmes: work.kmeRoutes.map(({ source }) => source),
    familiarKme: await familiarKme(work),
    onDrawn: (kme, keys) => work.drawn.add(kme, keys),
  });
}

/** Fetches one of the master's keys; `kmes` are those where its record says that it is, by name. */
export function fetchLinkKey(work: LinkEndWork, keyId: string, kmes: readonly string[] | undefined): Promise<KmeKey[]> {
  const all = work.kmeRoutes.flatMap(({ targets }) => targets);
  return work.site.kme.decKeys({ masterSaeId: work.masterSae, keyIds: [keyId], size: keyBits(work), kmes: kmes ?? all });
}

/** Bits of each of the link's keys; the inventory has made sure that all ends agree. */
export function keyBits(work: LinkEndWork): number {
  return work.site.device.kme.keySize ?? cakBits(work.link.cipherSuite);
}

/** The KME of the newest key of the own record, while the link has the same slaves. */
async function familiarKme(work: LinkEndWork): Promise<string | undefined> {
  const before = await work.site.ownRecord.link(work.link.name);
  const same = before !== undefined && before.role === 'master' && before.keys.length > 0 && before.slave_saes.join('\0') === work.slaveSaes.join('\0');
  return same ? before.source_kme : undefined;
}

/** Where the slaves fetch a key, as the master's record says; undefined when it does not. */
export function targetKmes(recorded: RecordedLink, keyId: string): readonly string[] | undefined {
  const key = recorded.keys.find((one) => one.key_ID === keyId);
  return key?.target_kmes ?? recorded.target_kmes;
}

/** What a master publishes of its KMEs: those of the newest key, and each older key's own where they differ. */
export async function withKmes(work: LinkEndWork, keys: readonly RecordedKey[]): Promise<Kmes & { readonly keys: readonly RecordedKey[] }> {
  if (work.role === 'slave') return { source_kme: undefined, keys };
  const before = await work.site.ownRecord.link(work.link.name);
  const sources = keys.map(({ key_ID }) => work.site.kme.sourceOf(key_ID) ?? recordedSource(before, key_ID));
  const newest = sources.at(-1) ?? before?.source_kme ?? work.kmeRoutes[0]?.source;
  const named = keys.map((key, index) => (sources[index] === undefined || sources[index] === newest ? key : { ...key, ...kmesFrom(work, sources[index]) }));
  return { source_kme: newest, ...kmesFrom(work, newest), keys: named };
}

function recordedSource(before: RecordedLink | undefined, keyId: string): string | undefined {
  const key = before?.keys.find(({ key_ID }) => key_ID.toLowerCase() === keyId.toLowerCase());
  return key === undefined ? undefined : (key.source_kme ?? before?.source_kme);
}

function kmesFrom(work: LinkEndWork, source: string | undefined): Partial<Kmes> {
  const route = work.kmeRoutes.find((one) => one.source === source);
  return route === undefined ? {} : { source_kme: route.source, target_kmes: route.targets };
}

/**
 * Refuses a drawn or fetched key that is in the key chain already, under its own key_ID or another one: the chain's
 * CAKs are derived again from the new key's bits and compared with what the router shows. Throws `kme-answer`.
 */
export async function refuseChainKey(work: LinkEndWork, key: KmeKey, chain: readonly (ChainKey & { readonly keyId: string | undefined })[]): Promise<void> {
  const kme = `KME ${work.site.kme.sourceOf(key.keyId) ?? work.site.kme.name}`;
  const hint = 'a KME must deliver every key once: ask its operator';
  if (chain.some(({ ckn }) => ckn === keyChainCkn(work, key.keyId))) {
    throw new QkdError('kme-answer', `${kme}: key_ID ${key.keyId} is in the key chain already`, { hint });
  }
  const configuration = await work.site.router.configuration();
  for (const { keyId, slot } of chain) {
    if (keyId === undefined) continue;
    const cak = keyChainCak(work, { keyId, key: key.key });
    const same = isSameSecret(secretOf(configuration, { keyChain: work.link.keyChain, slot }), cak) === true;
    cak.wipe();
    if (same) throw new QkdError('kme-answer', `${kme}: the key of key_ID ${key.keyId} is in the key chain already, as ${keyId}`, { hint });
  }
  const cak = keyChainCak(work, key);
  await refuseCakInUse(work, key.keyId, cak).finally(() => cak.wipe());
}

/**
 * Refuses a CAK that the router has already, on whatever link: where the key itself is the CAK, a KME that gives one key
 * twice would put one secret on two links. Throws `kme-answer`.
 */
export async function refuseCakInUse(work: LinkEndWork, keyId: string, cak: Secret): Promise<void> {
  const found = shownCaks(await work.site.router.configuration()).find(({ secret }) => isSameSecret(secret, cak) === true);
  if (found === undefined) return;
  const kme = work.site.kme.sourceOf(keyId) ?? work.site.kme.name;
  throw new QkdError('kme-answer', `KME ${kme}: the key of key_ID ${keyId} is in use already, as ${found.where}`, { hint: 'a KME must deliver every key once: ask its operator' });
}
