// What an installation consists of: the artifact and the launcher of this checkout, the set files, and the paths that
// all of it has on a router. The artifact lies in one of two folders, a and b; the settings beside the launcher name
// the one in use, so that an upgrade is one small write and the release before it stays for `rollback`.

import { readFileSync } from 'node:fs';
import { fileError } from '../atomic-file.ts';
import type { Folder } from '../ssh/scp-folders.ts';
import { type Owner, type PlacedFile, sha256 } from './routing-engine.ts';

export type Slot = 'a' | 'b';

export interface Release {
  readonly artifact: Buffer;
  readonly launcher: Buffer;
  /** Texts of junos-config/*.set by file name. */
  readonly setFiles: Readonly<Record<SetFile, string>>;
}

export type SetFile = 'login-class.set' | 'event-policy.set' | 'op-script.set' | 'remove.set';
const SET_FILES: readonly SetFile[] = ['login-class.set', 'event-policy.set', 'op-script.set', 'remove.set'];

export const LAUNCHER_FILE = 'qkd-macsec.py';
export const SCRIPT_FOLDERS = ['/var/db/scripts/event', '/var/db/scripts/op'] as const;

/** What a router needs of this checkout. Throws file. */
export function readRelease(checkout: { readonly artifact: string; readonly junosConfig: string }): Release {
  return {
    artifact: readLocal(checkout.artifact),
    launcher: readLocal(`${checkout.junosConfig}/${LAUNCHER_FILE}`),
    setFiles: Object.fromEntries(SET_FILES.map((name) => [name, readLocal(`${checkout.junosConfig}/${name}`).toString('utf8')])) as Record<SetFile, string>,
  };
}

/** A file of this machine. Throws file. */
export function readLocal(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw fileError('read', path, error);
  }
}

/** The program's folder on the router. */
export function homeOf(scriptUser: string): string {
  return `/var/home/${scriptUser}/qkd-macsec`;
}

/** Others may pass through to the record and the artifact, and list nothing. */
export const FOLDERS: Folder = {
  name: 'qkd-macsec',
  mode: 0o711,
  folders: [
    { name: 'a', mode: 0o755 },
    { name: 'b', mode: 0o755 },
    { name: 'certs', mode: 0o711 },
    { name: 'logs', mode: 0o700 },
    { name: 'records', mode: 0o711 },
  ],
};

/** Artifact and launcher of a slot. */
export function slotFiles(scriptUser: string, slot: Slot, { artifact, launcher }: Pick<Release, 'artifact' | 'launcher'>): PlacedFile[] {
  const folder = `${homeOf(scriptUser)}/${slot}`;
  const owner: Owner = 'script';
  return [
    { path: `${folder}/qkd-macsec.js`, content: artifact, mode: 0o644, owner },
    // What doctor on the router compares the artifact with.
    { path: `${folder}/qkd-macsec.js.sha256`, content: Buffer.from(`${sha256(artifact)}  qkd-macsec.js\n`), mode: 0o644, owner },
    { path: `${folder}/${LAUNCHER_FILE}`, content: launcher, mode: 0o644, owner },
  ];
}

/** The launcher where Junos runs it. Its owner, who must be of class super-user, may write it again. */
export function scriptFiles(launcher: Buffer): PlacedFile[] {
  return SCRIPT_FOLDERS.map((folder) => ({ path: `${folder}/${LAUNCHER_FILE}`, content: launcher, mode: 0o755, owner: 'operator' as const }));
}

/** The settings beside the launcher; lines of node and flags in `before` are the operator's and stay. */
export function settingsFiles(scriptUser: string, slot: Slot, before: string): PlacedFile[] {
  const kept = before.split('\n').filter((line) => /^(node|flags)\s/.test(line));
  const home = homeOf(scriptUser);
  const lines = ['# Written by scripts/install; lines of node and flags are yours and stay.', `artifact ${home}/${slot}/qkd-macsec.js`, `inventory ${home}/inventory.json`, ...kept];
  return settingsAsTheyWere(`${lines.join('\n')}\n`);
}

/** The settings, as text. */
export function settingsAsTheyWere(text: string): PlacedFile[] {
  return SCRIPT_FOLDERS.map((folder) => ({ path: `${folder}/qkd-macsec.conf`, content: Buffer.from(text), mode: 0o644, owner: 'operator' as const }));
}

/** The slot that settings name; undefined for settings of another kind. */
export function slotOf(settings: string): Slot | undefined {
  return /^artifact\s+\S+\/qkd-macsec\/([ab])\/qkd-macsec\.js\s*$/m.exec(settings)?.[1] as Slot | undefined;
}

export function otherSlot(slot: Slot): Slot {
  return slot === 'a' ? 'b' : 'a';
}

/** SHA-256 of the launcher, for the statements that name it. */
export function launcherChecksum(launcher: Buffer): string {
  return sha256(launcher);
}
