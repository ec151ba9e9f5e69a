// What the workflow needs from the world, as interfaces. The adapters (kme, netconf, ssh, keyids) fit
// these shapes; cli/ puts them together; tests use the real adapters against the bench's servers.
// Every method throws QkdError and is bounded in time by the adapter's own settings.

import type { KeyIdRecord } from '../keyids/record.ts';
import type { Secret } from '../secret.ts';
import type { XmlElement } from '../xml.ts';

export interface KmeKey {
  /** As the KME wrote it: sent back to dec_keys byte for byte. */
  readonly keyId: string;
  readonly key: Secret;
}

/** One SAE's KME, or its KMEs (ETSI GS QKD 014 V1.1.1). Sizes are in bits. */
export interface KeySource {
  /** Name for messages: the URL's host and port, the first one's where there are several. */
  readonly name: string;
  /** Draws new keys. Never repeated blindly: each call may use keys up. */
  encKeys(request: EncKeysRequest): Promise<KmeKey[]>;
  /** Fetches keys by ID, in the order asked for; waits a bounded time for keys that are still on their way. */
  decKeys(request: DecKeysRequest): Promise<KmeKey[]>;
  /** What the KME says of its keys for another SAE (clause 6.1); draws none. */
  status(otherSaeId: string): Promise<KmeStatus>;
  /** Keys that this run's enc_keys have used up so far. */
  drawn(): DrawnKeys;
  /** Which KME gave this key in this run, by name; undefined when none did. */
  sourceOf(keyId: string): string | undefined;
}

export interface DrawnKeys {
  /** Received and acceptable. */
  readonly received: number;
  /** Used up, perhaps, without a usable answer: it was lost, unclear or refused here. */
  readonly lost: number;
}

/** A KME's status answer. Sizes are in bits; undefined: the KME did not say. */
export interface KmeStatus {
  readonly sourceKmeId: string | undefined;
  readonly targetKmeId: string | undefined;
  readonly masterSaeId: string | undefined;
  readonly slaveSaeId: string | undefined;
  readonly keySize: number | undefined;
  readonly storedKeyCount: number | undefined;
  readonly maxKeyCount: number | undefined;
  readonly maxKeyPerRequest: number | undefined;
  readonly maxKeySize: number | undefined;
  readonly minKeySize: number | undefined;
  readonly maxSaeIdCount: number | undefined;
  /** What in the answer is missing or not as the standard has it, each as a few words. */
  readonly doubts: readonly string[];
}

export interface EncKeysRequest {
  readonly slaveSaeId: string;
  readonly additionalSlaveSaeIds?: readonly string[];
  readonly number: number;
  readonly size: number;
  /** The only KMEs to ask, by name; undefined: any of this router's. */
  readonly kmes?: readonly string[] | undefined;
  /** The KME that gave keys for these slaves before, by name: its status need not be asked again. */
  readonly familiarKme?: string | undefined;
  /** Told, KME by KME, of the keys that this call has used up, also when it fails. */
  readonly onDrawn?: (kme: string, keys: DrawnKeys) => void;
}

export interface DecKeysRequest {
  readonly masterSaeId: string;
  readonly keyIds: readonly string[];
  readonly size: number;
  /** The KMEs that can have the keys, by name; undefined, or none of this router's: any of them. */
  readonly kmes?: readonly string[] | undefined;
}

/** A NETCONF session with one router, which answers in the order in which it is asked; its callers may share it. */
export interface RouterSession {
  /** Sends one RPC and returns its <rpc-reply>; throws rpc-error when any error of severity error is in it. */
  rpc(request: XmlElement): Promise<XmlElement>;
  /** Committed configuration below `filter` (a <configuration> element), groups applied; empty when nothing is there. */
  getConfiguration(filter: XmlElement): Promise<XmlElement>;
  /** One whole change: own candidate, load, commit, always released. See netconf/configuration-change.ts. */
  change(change: ConfigurationChange): Promise<ChangeResult>;
  /** Confirms an earlier change that was made with `confirmMinutes`. */
  confirmChange(log: string, synchronize?: boolean): Promise<void>;
  close(): Promise<void>;
}

export interface ConfigurationChange {
  /** A <configuration> element, merged into the candidate; nodes may carry replace or delete attributes. Or a <configuration-set> of set and delete lines. */
  readonly document: XmlElement;
  /** Commit log text: identifies the run, so that an unknown outcome can be looked up. */
  readonly log: string;
  /** Commit is rolled back by the router unless confirmed in time. */
  readonly confirmMinutes?: number;
  /** Load and compare only, then discard. */
  readonly dryRun?: boolean;
  /** Commit on both routing engines. */
  readonly synchronize?: boolean;
  /** A <configuration> element: the committed configuration below it is wanted with the result. */
  readonly readBack?: XmlElement | undefined;
  /** Asked when the lock is held and the document loaded: throws when the moment for this change has passed meanwhile. */
  readonly stillTimely?: () => void;
}

export interface ChangeResult {
  /** False when the candidate did not differ from what is committed: then nothing was committed. */
  readonly changed: boolean;
  /** The router's compare output with every secret replaced; '' when nothing changed. */
  readonly difference: string;
  /** What `readBack` asked for, read after the commit; undefined: not read. */
  readonly configuration?: XmlElement | undefined;
}

/** Files on one router, over SSH; paths as the router's SCP server sees them. */
export interface RouterFiles {
  /** Content of a file of at most `maxBytes`; undefined when it is not there. */
  get(path: string, maxBytes: number): Promise<Buffer | undefined>;
  /** Writes a file with these permission bits; what was there is replaced. */
  put(path: string, content: Buffer | Secret, mode: number): Promise<void>;
}

/** How a link's ends read each other's records, and where this end publishes its own. */
export interface RecordExchange {
  /** The record last published by `device`; undefined when there is none. */
  read(device: string): Promise<KeyIdRecord | undefined>;
  /** Proves that a record could be published now, before a key is drawn; throws file when it could not (disk full). */
  checkWritable(): Promise<void>;
  /** Replaces this device's record atomically. */
  publish(record: KeyIdRecord): Promise<void>;
  /** Where `publish` only tells this process: writes what was published of the device. Throws file; then it can be tried again. */
  save?(device: string): Promise<void>;
}
