// One routing engine of a router as the installer reaches it: as the operator (NETCONF and SCP, with the inventory's
// login) and as the script's user (SCP and NETCONF with the same key), so that every file is put by its owner and no
// owner has to be changed. Only Junos RPCs and SCP are used, never a shell.

import { createHash } from 'node:crypto';
import { QkdError, inStep, isQkdError } from '../errors.ts';
import type { Device, Inventory } from '../inventory/inventory.ts';
import type { Log } from '../log.ts';
import { type NetconfSession, openNetconfSession } from '../netconf/session.ts';
import { NETCONF_PORTS, netconfOverSsh } from '../netconf/transport/ssh.ts';
import { Secret } from '../secret.ts';
import { connectSsh } from '../ssh/connect.ts';
import type { SshConnection } from '../ssh/connection.ts';
import { isMissingFile } from '../ssh/scp-dialogue.ts';
import { type Folder, scpMakeFolders } from '../ssh/scp-folders.ts';
import { scpGet } from '../ssh/scp-get.ts';
import { scpPut } from '../ssh/scp-put.ts';
import { type XmlElement, child, descendants, element, textAt } from '../xml.ts';

export type Owner = 'operator' | 'script';

export interface EngineSettings {
  readonly inventory: Inventory;
  readonly device: Device;
  readonly addresses: readonly string[];
  /** `mx1`, or `mx1 re0`. */
  readonly name: string;
  readonly scriptUser: string;
  readonly log: Log;
}

/** Largest file that is read back: the launcher; the artifact is compared by its checksum. */
const MAX_READ = 256 * 1024;
/** Seconds for one transfer beyond SSH's own time-out: an artifact over a slow management network. */
const TRANSFER = 300;

export class RoutingEngine {
  readonly name: string;
  readonly #settings: EngineSettings;
  readonly #connections = new Map<Owner, Promise<SshConnection>>();
  readonly #sessions = new Map<Owner, Promise<NetconfSession>>();

  constructor(settings: EngineSettings) {
    this.name = settings.name;
    this.#settings = settings;
  }

  /** NETCONF as the operator or as the script's user. */
  session(as: Owner): Promise<NetconfSession> {
    return remembered(this.#sessions, as, () => this.#openSession(as));
  }

  /** Content of a file of at most 256 KiB; undefined when it is not there. */
  async get(as: Owner, path: string): Promise<Buffer | undefined> {
    try {
      const { content } = await scpGet(await this.#connection(as), path, { maxBytes: MAX_READ, timeoutSeconds: TRANSFER });
      return content;
    } catch (error) {
      if (isMissingFile(error)) return undefined;
      throw error;
    }
  }

  async put(as: Owner, path: string, content: Buffer | Secret, mode: number): Promise<void> {
    const bytes = content instanceof Secret ? content.revealBytes() : content;
    await scpPut(await this.#connection(as), path, bytes, { mode, timeoutSeconds: TRANSFER });
  }

  async makeFolders(as: Owner, parent: string, folder: Folder): Promise<void> {
    await scpMakeFolders(await this.#connection(as), parent, folder, TRANSFER);
  }

  /** SHA-256 of a file that everybody may read, from the router itself; undefined when it is not there. */
  async checksum(path: string): Promise<string | undefined> {
    try {
      const reply = await (await this.session('operator')).rpc(element('get-sha256-checksum-information', element('path', path)));
      return textAt(descendants(reply, 'file-checksum')[0], 'checksum')?.toLowerCase();
    } catch (error) {
      if (isQkdError(error, 'rpc-error') && /no such file/i.test(error.message)) return undefined;
      throw error;
    }
  }

  /** Paths of all files in a folder and the folders in it; none when it is not there. */
  async filesIn(as: Owner, folder: string, depth = 3): Promise<string[]> {
    let reply: XmlElement;
    try {
      reply = await (await this.session(as)).rpc(element('file-list', element('path', folder)));
    } catch (error) {
      if (isQkdError(error, 'rpc-error', 'permission-denied')) return [];
      throw error;
    }
    const entries = descendants(reply, 'file-information').map((entry) => ({ path: `${folder}/${textAt(entry, 'file-name')?.split('/').at(-1) ?? ''}`, isFolder: child(entry, 'file-directory') !== undefined }));
    const found = entries.map(async ({ path, isFolder }) => (isFolder ? (depth > 0 ? this.filesIn(as, path, depth - 1) : []) : [path]));
    return (await Promise.all(found)).flat();
  }

  /** Deletes one file; false when the router does not let us, or it is not there. */
  async remove(as: Owner, path: string): Promise<boolean> {
    try {
      await (await this.session(as)).rpc(element('file-delete', element('path', path)));
      return true;
    } catch (error) {
      if (isQkdError(error, 'rpc-error', 'permission-denied')) return false;
      throw error;
    }
  }

  /** Ends what is open; never throws. */
  async close(): Promise<void> {
    await Promise.all([...this.#sessions.values()].map((session) => session.then((open) => open.close()).catch(() => undefined)));
    await Promise.all([...this.#connections.values()].map((connection) => connection.then((open) => open.close()).catch(() => undefined)));
  }

  #connection(as: Owner): Promise<SshConnection> {
    return remembered(this.#connections, as, () => inStep(this.name, () => this.#connect(as, this.#settings.device.port ?? 22)));
  }

  #openSession(as: Owner): Promise<NetconfSession> {
    const { device, inventory, log } = this.#settings;
    const { rpcTimeout, commitTimeout, lockWait } = inventory.system.netconf;
    return inStep(this.name, async () => {
      const transport = await netconfOverSsh((port) => this.#connect(as, port), device.port === undefined ? NETCONF_PORTS : [device.port]);
      return openNetconfSession(transport, { log, rpcTimeoutSeconds: rpcTimeout, commitTimeoutSeconds: commitTimeout, lockWaitSeconds: lockWait });
    });
  }

  #connect(as: Owner, port: number): Promise<SshConnection> {
    const { inventory, device, addresses, scriptUser, log } = this.#settings;
    const { username, password, privateKeyFile, passphrase } = inventory.login;
    const key = privateKeyFile === undefined ? undefined : { file: privateKeyFile };
    const who = as === 'operator' ? { username, password } : { username: scriptUser };
    return connectSsh({ ...who, addresses, port, privateKey: key, passphrase, hostKeys: device.hostKeys }, inventory.system.ssh, { log });
  }
}

/** A failed attempt is not remembered. */
function remembered<T>(known: Map<Owner, Promise<T>>, as: Owner, open: () => Promise<T>): Promise<T> {
  const found = known.get(as);
  if (found !== undefined) return found;
  const opening = open();
  known.set(as, opening);
  opening.catch(() => known.delete(as));
  return opening;
}

/** SHA-256 as Junos prints it. */
export function sha256(content: Buffer | Secret): string {
  return createHash('sha256').update(content instanceof Secret ? content.revealBytes() : content).digest('hex');
}

/** A file as it should be on the router. */
export interface PlacedFile {
  readonly path: string;
  readonly content: Buffer | Secret;
  readonly mode: number;
  readonly owner: Owner;
}

/** True when the file is there with this content. What others may not read is compared here, everything else by the router's checksum. */
export async function isPlaced(engine: RoutingEngine, file: PlacedFile): Promise<boolean> {
  const wanted = sha256(file.content);
  if ((file.mode & 0o004) !== 0) return (await engine.checksum(file.path)) === wanted;
  const found = await engine.get(file.owner, file.path);
  return found !== undefined && sha256(found) === wanted;
}

/** Copies the file unless it is there, and proves that it arrived whole. Resolves to whether it was copied. Throws scp. */
export async function place(engine: RoutingEngine, file: PlacedFile): Promise<boolean> {
  if (await isPlaced(engine, file)) return false;
  await engine.put(file.owner, file.path, file.content, file.mode);
  if (await isPlaced(engine, file)) return true;
  throw new QkdError('scp', `${engine.name}: ${file.path}: the router's checksum is not that of what was copied`, { hint: 'check the space on the router with `show system storage`, then run again' });
}
