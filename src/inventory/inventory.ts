// The inventory as the rest of the program sees it: checked, with every default filled in, times in
// seconds, secrets inside Secret. The JSON shapes that lead here are inventory.schema.json (ours) and
// original-dictionary.ts (the original system's); reading and checking them is load.ts.

import type { JsonObject } from '../json.ts';
import type { Secret } from '../secret.ts';

export interface Inventory {
  readonly system: SystemSettings;
  readonly paths: Paths;
  readonly login: Login;
  readonly caServer: CaServer | undefined;
  readonly devices: ReadonlyMap<string, Device>;
  readonly links: readonly Link[];
}

export interface SystemSettings {
  /** How many routers are talked to at once (off-box). */
  readonly maxThreads: number;
  readonly rotation: RotationSettings;
  readonly ssh: SshSettings;
  readonly netconf: NetconfSettings;
  readonly kme: KmeTimes;
  readonly alarms: AlarmSettings;
  readonly certificates: CertificateSettings;
  readonly eventOptions: { readonly startTime: string | undefined };
}

/** All in seconds, but `ring` (key-chain slots). Design section 5 and 6. */
export interface RotationSettings {
  readonly interval: number;
  readonly lead: number;
  readonly margin: number;
  readonly ring: number;
  readonly maxClockDifference: number;
  /** How long one run waits for the other end. */
  readonly wait: number;
  /** Pause between two looks at the other end's record. */
  readonly poll: number;
  /** Keys that the master stages in one commit, at least 1. */
  readonly keysPerCommit: number;
}

export interface SshSettings {
  readonly attempts: number;
  /** Seconds between two attempts. */
  readonly delay: number;
  /** Seconds for connect, banner and authentication together. */
  readonly timeout: number;
  readonly hostKeyPolicy: 'strict' | 'accept-new';
  /** OpenSSH known_hosts file; undefined: only pinned fingerprints count. */
  readonly knownHostsFile: string | undefined;
  /** Off-box: new connections a second, to all routers together. */
  readonly pace: number;
}

export interface NetconfSettings {
  /** On-box way to mgd, argv form; default: /usr/sbin/cli xml-mode netconf need-trailer. */
  readonly mgdCommand: readonly string[];
  /** On-box alternative: a UNIX stream socket that speaks NETCONF. Wins over mgdCommand. */
  readonly mgdSocket: string | undefined;
  /** Seconds for one RPC that is not a commit. */
  readonly rpcTimeout: number;
  /** Seconds for a commit; classic routers can take minutes. */
  readonly commitTimeout: number;
  /** Seconds to keep trying for the configuration lock. */
  readonly lockWait: number;
}

export interface KmeTimes {
  /** Seconds for one HTTP exchange, handshake included. */
  readonly attemptTimeout: number;
  /** Seconds for a call with all its attempts. */
  readonly deadline: number;
  /** How often dec_keys asks for a key that the KME does not know (yet). */
  readonly propagationAttempts: number;
  /** Seconds for which the KMEs keep a key, as their operator says; undefined: not known. */
  readonly retention?: number | undefined;
}

export interface AlarmSettings {
  /** On-box way to syslog, argv form; the line becomes the last argument. */
  readonly command: readonly string[];
  /** Intervals after which a key in use is too old. */
  readonly stalledAfter: number;
  /** Days before its end at which a client certificate is too near it. */
  readonly certificateDays: number;
}

export type ClientKeyKind = 'rsa-2048' | 'rsa-3072' | 'rsa-4096' | 'ec-p256';

export interface CertificateSettings {
  /** A certificate with fewer days left is renewed. */
  readonly minValidDays: number;
  readonly lifetimeDays: number;
  readonly caLifetimeDays: number;
  /** Seconds by which validity begins before the making. */
  readonly backdate: number;
  readonly key: ClientKeyKind;
  /** The SAE ID also as a DNS name. */
  readonly subjectAlternativeName: boolean;
  readonly window: CheckWindow;
  /** Seconds from a failed check to the next. */
  readonly retry: number;
  /** Certificate folder of a router, as its SCP server sees it. */
  readonly routerFolder: string;
}

/** When certificates are checked, in local time. */
export interface CheckWindow {
  /** Days of the month. */
  readonly days: readonly number[];
  /** Minutes since midnight; `until` is the first minute after the window. */
  readonly from: number;
  readonly until: number;
}

/** Absolute paths. */
export interface Paths {
  readonly home: string;
  readonly certificates: string;
  readonly records: string;
  readonly logs: string;
  /** Own records, `{}` stands for the device name; default `<records>/{}_last_key.json`. */
  readonly record: string;
  /** The record of another router as its SCP server sees it; `{}` stands for that device's name. */
  readonly peerRecord: string;
  /** Permission bits of own records. */
  readonly recordMode: number;
}

/** How this program logs in to routers over SSH. */
export interface Login {
  readonly username: string;
  /** On-box: login name at the other routers. */
  readonly peerUsername: string;
  readonly password: Secret | undefined;
  /** PEM or OpenSSH private key file; checked to be readable by its owner only. */
  readonly privateKeyFile: string | undefined;
  readonly passphrase: Secret | undefined;
}

export interface CaServer {
  readonly fetch: boolean;
  readonly generate: boolean;
  readonly address: string | undefined;
  readonly port: number;
  /** Pinned host keys, as of `Device`. */
  readonly hostKeys: readonly string[];
  readonly user: string | undefined;
  readonly password: Secret | undefined;
  /** Private key for the login; undefined: the password, or else that of `Login`. */
  readonly privateKeyFile: string | undefined;
  /** Beginning of the common name of a CA that is generated. */
  readonly commonName: string;
  readonly path: string | undefined;
  readonly certificateName: string | undefined;
  readonly keyName: string | undefined;
}

export type PlatformFamily = 'mx' | 'ptx' | 'acx' | 'qfx' | 'ex' | 'srx';

export interface Device {
  readonly name: string;
  /** Addresses or host names, tried in turn. */
  readonly addresses: readonly string[];
  /** The only SSH port to use; undefined: NETCONF 830 then 22, SCP 22. */
  readonly port: number | undefined;
  /** Pinned host keys, OpenSSH form `SHA256:<base64>`; empty: known_hosts decides. */
  readonly hostKeys: readonly string[];
  /** Addresses of re0 and re1, for scripts/install; empty: one routing engine. */
  readonly routingEngines: readonly string[];
  readonly saeId: string;
  /** Undefined: the router is asked. */
  readonly platform: PlatformFamily | undefined;
  /** Encrypted root password to set with the initial configuration (original's root_enc_pass). */
  readonly rootEncryptedPassword: Secret | undefined;
  readonly kme: KmeSettings;
}

export interface KmeSettings {
  /** Where the KME is reached, tried in turn; at least one. */
  readonly endpoints: readonly KmeEndpoint[];
  /** PEM file with the CA certificates that may sign the KME's certificate. */
  readonly caFile: string;
  /** Our client certificate and key, PEM files. */
  readonly certificateFile: string;
  readonly keyFile: string;
  /** Pins of which the KME's public key must fit one: base64 of the SHA-256 of its SubjectPublicKeyInfo; empty: none. */
  readonly spki: readonly string[];
  readonly minTls: '1.2' | '1.3';
  readonly status: 'advice' | 'strict' | 'off';
  /** Bits of every key; undefined: what the cipher suite needs. */
  readonly keySize: number | undefined;
  readonly extensionMandatory: readonly JsonObject[];
  readonly extensionOptional: readonly JsonObject[];
  readonly quirks: KmeQuirks;
}

export interface KmeEndpoint {
  /** Host and port as in the URL: the KME's name in messages and records. */
  readonly name: string;
  /** Base URL, without /api/v1/keys; may hold a port and a path prefix. */
  readonly url: string;
  /** Name to check in the KME's certificate; undefined: the URL's host. */
  readonly serverName: string | undefined;
  /** Address to connect to instead of looking the URL's host up (original's kme_ip). */
  readonly address: string | undefined;
  /** KMEs of one pair hold the same keys; undefined: the only pair. */
  readonly pair: string | undefined;
}

/** Where a KME differs from the standard; see kme_quirks in inventory.schema.json. */
export interface KmeQuirks {
  readonly request: 'get' | 'post';
  readonly sendNumber: boolean;
  readonly sendSize: boolean;
  readonly keysPerRequest: number | undefined;
  readonly keysMember: string;
  readonly keyIdMember: string;
  readonly keyMember: string;
  readonly keyEncoding: 'base64' | 'base64-unpadded' | 'base64url' | 'hex';
  readonly contentTypes: readonly string[];
  readonly unknownKeyStatus: readonly number[];
  readonly noStockStatus: readonly number[];
}

export type Method = 'pre-shared-key' | 'key-chain';
export type CipherSuite = 'gcm-aes-128' | 'gcm-aes-256' | 'gcm-aes-xpn-128' | 'gcm-aes-xpn-256';

export interface Link {
  readonly name: string;
  readonly connectivityAssociation: string;
  readonly method: Method;
  readonly cipherSuite: CipherSuite;
  /** First 32 hex digits of a pre-shared-key CKN. */
  readonly cknPrefix: string;
  /** Name of the key chain of method key-chain. */
  readonly keyChain: string;
  /** Whether a key-chain CAK is derived from the KME's key or is the key itself. */
  readonly cak: 'derived' | 'raw';
  /** First key of a new link (`cak`: its 16 or 32 bytes); undefined: made at random off-box, else the first KME key serves. */
  readonly initialKey: { readonly ckn: string; readonly cak: Secret } | undefined;
  readonly master: LinkEnd;
  readonly slaves: readonly LinkEnd[];
}

export interface LinkEnd {
  readonly device: string;
  readonly interfaces: readonly string[];
}

export type Role = 'master' | 'slave';

/** One link as one of its routers sees it. */
export interface OwnLink {
  readonly link: Link;
  readonly role: Role;
  readonly own: LinkEnd;
}
