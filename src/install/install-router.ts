// Install and upgrade of one router, in two halves: first every router gets its user, folders and SSH key pair, then,
// when the public keys of all are known, files, settings and configuration. The timer is the last thing that comes.

import { asQkdError, isQkdError } from '../errors.ts';
import { Secret } from '../secret.ts';
import { descendants, textAt } from '../xml.ts';
import type { Installation } from './installation.ts';
import { checkForeignUsers, checkInstalledUsers, configuredUser } from './installed-users.ts';
import { FOLDERS, LAUNCHER_FILE, SCRIPT_FOLDERS, type Slot, homeOf, launcherChecksum, otherSlot, readLocal, scriptFiles, settingsAsTheyWere, settingsFiles, slotFiles, slotOf } from './release.ts';
import { routerInventory } from './router-inventory.ts';
import { type PlacedFile, type RoutingEngine, isPlaced } from './routing-engine.ts';
import { setStatements } from './set-statements.ts';
import { newSshKeyPair } from './ssh-key-pair.ts';

/** First event of the timer where the inventory says nothing: the same on every router. */
const START_TIME = '2026-01-01.00:00';
/** Junos's shortest timer, in seconds. */
const SHORTEST_TIMER = 60;

/** Comment of the keys that this program puts into configurations: those are also its to delete. */
const keyComment = (device: string): string => `qkd-macsec@${device}`;

/** Users, folders, key pair. Resolves to the router's public key; undefined in a dry run of a router that has none. */
export async function prepareRouter(installation: Installation): Promise<string | undefined> {
  const { job } = installation;
  const { script } = job.users;
  await checkInstalledUsers(installation);
  await checkForeignUsers(installation);
  if (job.dryRun) return knownOrToBeMade(installation);
  await installation.commit(userStatements(installation, []), 'users');
  for (const engine of installation.engines) await engine.makeFolders('script', `/var/home/${script}`, FOLDERS);
  return keyPair(installation);
}

async function knownOrToBeMade(installation: Installation): Promise<string | undefined> {
  const known = await knownPublicKey(installation);
  if (known === undefined) installation.say(`${installation.name}: would make an SSH key pair: ${homeOf(installation.job.users.script)}/id_ed25519`);
  return known;
}

/** The public key that a router has already, without any change there; undefined when it has none. */
export async function knownPublicKey(installation: Installation): Promise<string | undefined> {
  const [engine] = installation.engines as [RoutingEngine];
  try {
    return (await engine.get('operator', `${homeOf(installation.job.users.script)}/id_ed25519.pub`))?.toString('utf8').trim();
  } catch (error) {
    if (isQkdError(error, 'scp', 'ssh-authentication')) return undefined;
    throw error;
  }
}

/** The pair that is there, else a new one; on both routing engines. */
async function keyPair(installation: Installation): Promise<string> {
  const home = homeOf(installation.job.users.script);
  for (const engine of installation.engines) {
    const found = await existingPair(engine, home);
    if (found === undefined) continue;
    await installation.place(pairFiles(home, found));
    return found.publicKey;
  }
  const made = newSshKeyPair(keyComment(installation.name));
  installation.hasNewKey = true;
  // The public half comes last: where it is, the private one is whole.
  await installation.place(pairFiles(home, made));
  made.privateKey.wipe();
  return made.publicKey;
}

async function existingPair(engine: RoutingEngine, home: string): Promise<{ privateKey: Secret; publicKey: string } | undefined> {
  const publicKey = (await engine.get('script', `${home}/id_ed25519.pub`))?.toString('utf8').trim();
  const privateKey = await engine.get('script', `${home}/id_ed25519`);
  if (publicKey === undefined || publicKey === '' || privateKey === undefined || privateKey.length === 0) return undefined;
  return { publicKey, privateKey: Secret.ofBytes(privateKey) };
}

function pairFiles(home: string, pair: { privateKey: Secret; publicKey: string }): PlacedFile[] {
  return [
    { path: `${home}/id_ed25519`, content: pair.privateKey, mode: 0o600, owner: 'script' },
    { path: `${home}/id_ed25519.pub`, content: Buffer.from(`${pair.publicKey}\n`), mode: 0o644, owner: 'script' },
  ];
}

/** Files, settings, configuration. `peerKeys`: public keys of the routers at the other ends by name, undefined where not known. */
export async function completeRouter(installation: Installation, peerKeys: ReadonlyMap<string, string | undefined>): Promise<void> {
  const { job, device } = installation;
  const { script } = job.users;
  await installation.place(ownFiles(installation));
  const slot = await chooseSlot(installation);
  await installation.place(slotFiles(script, slot, job.release));
  const present = await presentKeys(installation);
  await switchTo(installation, slot, job.release.launcher, [...setupStatements(installation, peerKeys), ...staleKeys(job.users.peer, present, peerKeys)]);
  for (const [peer, key] of peerKeys) {
    if (key !== undefined || present.some((one) => isKeyOf(peer, one))) continue;
    installation.say(job.dryRun ? `${device.name}: would let ${peer} in with the SSH key that it gets` : `${device.name}: does not let ${peer} in yet: its key is not known; run install for ${peer} too`);
  }
}

/** The settings name the slot, the configuration the launcher's checksum; on a failure the old settings and launcher come back. */
export async function switchTo(installation: Installation, slot: Slot, launcher: Buffer, statements: readonly string[]): Promise<void> {
  const { users, dryRun } = installation.job;
  const [first] = installation.engines as [RoutingEngine];
  const before = (await first.get('operator', `${SCRIPT_FOLDERS[0]}/qkd-macsec.conf`))?.toString('utf8') ?? '';
  const oldLauncher = await first.get('operator', `${SCRIPT_FOLDERS[0]}/${LAUNCHER_FILE}`);
  try {
    await installation.place(settingsFiles(users.script, slot, before));
    await installation.place(scriptFiles(launcher));
    await installation.commit(statements, 'timer and op command');
  } catch (error) {
    // A script whose checksum is not the configured one is not run, and the rotation would stand still.
    if (!dryRun && oldLauncher !== undefined && !isQkdError(error, 'outcome-unknown')) await putBack(installation, before, oldLauncher);
    throw error;
  }
}

/** Never rejects: what went wrong before is what the operator has to hear. */
async function putBack(installation: Installation, settings: string, launcher: Buffer): Promise<void> {
  try {
    await installation.place([...scriptFiles(launcher), ...settingsAsTheyWere(settings)]);
  } catch (error) {
    installation.say(`${installation.name}: the launcher of before could not be put back, and the timer may start nothing: run install again (${asQkdError('launcher', error).message})`);
  }
}

function userStatements({ job }: Installation, peerKeys: readonly string[]): string[] {
  const { script, peer } = job.users;
  return setStatements(job.release.setFiles['login-class.set'], { 'script-user': script, 'peer-user': peer, 'operator-key': `${job.operatorKey} qkd-operator`, 'peer-key': peerKeys });
}

/** The statements of all set files but remove.set. */
export function setupStatements(installation: Installation, peerKeys: ReadonlyMap<string, string | undefined>, launcher = installation.job.release.launcher): string[] {
  const { job } = installation;
  const { setFiles } = job.release;
  const { rotation, eventOptions } = job.inventory.system;
  const checksum = launcherChecksum(launcher);
  const interval = String(Math.max(SHORTEST_TIMER, rotation.interval));
  return [
    ...userStatements(installation, [...peerKeys.values()].filter((key) => key !== undefined)),
    ...setStatements(setFiles['op-script.set'], { 'sha-256': checksum }),
    ...setStatements(setFiles['event-policy.set'], { 'script-user': job.users.script, 'sha-256': checksum, interval, 'start-time': eventOptions.startTime ?? START_TIME }),
  ];
}

/** Keys by which the peer user lets somebody in now. */
async function presentKeys(installation: Installation): Promise<string[]> {
  return descendants(await configuredUser(installation, installation.job.users.peer), 'ssh-ed25519').map((key) => textAt(key, 'name') ?? '');
}

function isKeyOf(router: string, key: string): boolean {
  return key.endsWith(` ${keyComment(router)}`);
}

/** Deletes keys that this program put there for routers that are no longer at the other end of a link, or have a new key. */
function staleKeys(peer: string, present: readonly string[], peerKeys: ReadonlyMap<string, string | undefined>): string[] {
  const unknown = [...peerKeys].filter(([, key]) => key === undefined).map(([name]) => name);
  const wanted = (key: string): boolean => [...peerKeys.values()].includes(key) || unknown.some((name) => isKeyOf(name, key));
  return present.filter((key) => / qkd-macsec@[\w.-]+$/.test(key) && !wanted(key)).map((key) => `delete system login user ${peer} authentication ssh-ed25519 "${key}"`);
}

/** Inventory and certificates. */
function ownFiles({ job, device }: Installation): PlacedFile[] {
  const home = homeOf(job.users.script);
  const { kme } = device;
  const owner = 'script' as const;
  return [
    { path: `${home}/inventory.json`, content: Buffer.from(routerInventory(job.document, device.name, job.users)), mode: 0o600, owner },
    { path: `${home}/certs/kme-ca.crt`, content: readLocal(kme.caFile), mode: 0o644, owner },
    { path: `${home}/certs/${device.name}.crt`, content: readLocal(kme.certificateFile), mode: 0o644, owner },
    { path: `${home}/certs/${device.name}.key`, content: Secret.ofBytes(readLocal(kme.keyFile)), mode: 0o600, owner },
  ];
}

/** The slot in use when it holds this release, else the other one. */
async function chooseSlot({ job, engines }: Installation): Promise<Slot> {
  const [engine] = engines as [RoutingEngine];
  const settings = (await engine.get('operator', `${SCRIPT_FOLDERS[0]}/qkd-macsec.conf`))?.toString('utf8') ?? '';
  const current = slotOf(settings);
  if (current === undefined) return 'a';
  const isThere = await Promise.all(slotFiles(job.users.script, current, job.release).map((file) => isPlaced(engine, file)));
  return isThere.every((one) => one) ? current : otherSlot(current);
}
