// One bench KME: ETSI GS QKD 014 V1.1.1 over mutual TLS, strict unless another profile is wanted. The caller is the
// common name of the client certificate and nothing else. Keys live in the store that the KMEs of a group share; faults
// change answers (serve.ts), connections and the way of keys to the other KMEs.

import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIPv6 } from 'node:net';
import type { SecureContextOptions, TLSSocket } from 'node:tls';
import type { PairFiles } from '../pki/pki.ts';
import type { Group } from './answer.ts';
import type { CertificateKind } from './fault-kinds.ts';
import { Faults } from './faults.ts';
import { KmeListener, type ListenerSettings } from './kme-listener.ts';
import { type Limits, type Profile, PROFILES, type ProfileName } from './profiles.ts';
import { serve } from './serve.ts';

const USUAL = { host: '127.0.0.1', port: 0, patience: 10_000, maxConnections: 4096 } as const;
/** Requests that are remembered. */
const MOST_REQUESTS = 50_000;

export interface KmeSetup {
  readonly name: string;
  /** SAEs that this KME serves. */
  readonly saeIds: readonly string[];
  readonly server: PairFiles;
  /** PEM file: who may sign the KME's certificate, for clients. */
  readonly caFile: string;
  /** PEM file: who may sign SAE certificates. */
  readonly clientCaFile: string;
  /** PEM file: whom a KME trusts that refuses our certificate. */
  readonly foreignCaFile: string;
  /** Makes another certificate for this KME; a KME without a CA at hand has none. */
  readonly otherCertificate?: (kind: CertificateKind) => Promise<PairFiles>;
  readonly profile?: ProfileName;
  /** In place of the profile's. */
  readonly limits?: Partial<Limits>;
  /** Address to listen at; 127.0.0.1 unless told. */
  readonly host?: string;
  /** 0: any free port. */
  readonly port?: number;
  /** Milliseconds for a TLS handshake, and for a request to arrive; 10,000 unless told. */
  readonly patience?: number;
  readonly maxConnections?: number;
  /** TLS versions, for clients that must cope with one only. */
  readonly tls?: Pick<SecureContextOptions, 'minVersion' | 'maxVersion'>;
  /** Milliseconds since 1970; Date.now unless told. */
  readonly now?: () => number;
  /** One line for each request; holds no key. */
  readonly log?: (line: string) => void;
}

export interface BenchKme {
  readonly name: string;
  readonly url: string;
  readonly port: number;
  readonly caFile: string;
  readonly faults: Faults;
  /** Requests that got as far as HTTP, newest last: method and target. */
  readonly requests: readonly string[];
  /** Shows another certificate from the next connection on. */
  present(server: PairFiles): void;
  close(): Promise<void>;
}

/** Starts a KME; it listens when this resolves. */
export async function startKme(setup: KmeSetup, group: Group): Promise<BenchKme> {
  await group.store.join({ name: setup.name, saeIds: setup.saeIds });
  const kme = new Kme(setup, group);
  await kme.open();
  return kme;
}

class Kme implements BenchKme {
  readonly name: string;
  readonly caFile: string;
  readonly faults: Faults;
  readonly requests: string[] = [];
  readonly #setup: KmeSetup;
  readonly #group: Group;
  readonly #saeIds: ReadonlySet<string>;
  #shown: PairFiles;
  #byFault: { readonly kind: CertificateKind; readonly files: PairFiles } | undefined;
  #linkIsUp = true;
  #listener: KmeListener | undefined;

  constructor(setup: KmeSetup, group: Group) {
    this.name = setup.name;
    this.caFile = setup.caFile;
    this.#setup = setup;
    this.#group = group;
    this.#saeIds = new Set(setup.saeIds);
    this.#shown = setup.server;
    this.faults = new Faults(() => this.#apply());
  }

  async open(): Promise<void> {
    const { host = USUAL.host, port = USUAL.port, patience = USUAL.patience, maxConnections = USUAL.maxConnections } = this.#setup;
    this.#listener = await KmeListener.open({
      limits: { host, port, patience, maxConnections },
      settings: () => this.#settings(),
      serve: (request, response) => void this.#serve(request, response).catch(() => response.destroy()),
      onSecureConnection: (socket: TLSSocket) => {
        if (this.faults.has('resumption-broken') && socket.isSessionReused()) socket.destroy();
      },
    });
  }

  get port(): number {
    return this.#listener?.port ?? 0;
  }

  get url(): string {
    const { host = USUAL.host } = this.#setup;
    return `https://${isIPv6(host) ? `[${host}]` : host}:${this.port}`;
  }

  present(server: PairFiles): void {
    this.#shown = server;
    void this.#listener?.apply();
  }

  async close(): Promise<void> {
    await this.#listener?.close();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const line = `${request.method} ${request.url}`;
    if (this.requests.length === MOST_REQUESTS) this.requests.splice(0, MOST_REQUESTS / 2);
    this.requests.push(line);
    const serving = { kme: this.name, saeIds: this.#saeIds, profile: this.#profile(), limits: this.#setup.limits ?? {}, group: this.#group, faults: this.faults, now: () => this.#now() };
    const { caller, status } = await serve(serving, request, response);
    this.#setup.log?.(`${this.name} ${caller} ${line} ${status === 0 ? 'no answer' : status}`);
  }

  #profile(): Profile {
    return PROFILES[this.faults.standingProfile() ?? this.#setup.profile ?? 'strict'];
  }

  #now(): number {
    return (this.#setup.now ?? Date.now)() + 1000 * (this.faults.find('clock-skew')?.seconds ?? 0);
  }

  #settings(): ListenerSettings {
    const { minVersion, certificateOptional } = this.#profile();
    const version = this.faults.find('tls-version')?.version;
    const { certificateFile, keyFile } = this.#byFault?.files ?? this.#shown;
    const { foreignCaFile, clientCaFile, tls } = this.#setup;
    return {
      isOn: !this.faults.has('down'),
      certificateOptional: certificateOptional || this.faults.has('certificate-optional'),
      context: {
        minVersion,
        ...tls,
        ...(version === undefined ? {} : { minVersion: `TLSv${version}`, maxVersion: `TLSv${version}` }),
        cert: readFileSync(certificateFile),
        key: readFileSync(keyFile),
        ca: readFileSync(this.faults.has('refuse-certificate') ? foreignCaFile : clientCaFile),
      },
    };
  }

  /** Brings about what the faults say of certificates, connections and the link; what needs no waiting, at once. */
  #apply(): void | Promise<void> {
    const kind = this.faults.find('certificate')?.which;
    const linkIsUp = !this.faults.has('link-down');
    if (kind === undefined) this.#byFault = undefined;
    if (kind === this.#byFault?.kind && linkIsUp === this.#linkIsUp) return this.#listener?.apply();
    return this.#applySlowly(kind, linkIsUp);
  }

  async #applySlowly(kind: CertificateKind | undefined, linkIsUp: boolean): Promise<void> {
    if (kind !== undefined && kind !== this.#byFault?.kind) {
      if (this.#setup.otherCertificate === undefined) throw new TypeError('this KME has no CA at hand to make a certificate with');
      this.#byFault = { kind, files: await this.#setup.otherCertificate(kind) };
    }
    if (linkIsUp !== this.#linkIsUp) {
      this.#linkIsUp = linkIsUp;
      await this.#group.store.setLink(this.name, linkIsUp, this.#now() + this.#group.propagationDelay);
    }
    await this.#listener?.apply();
  }
}
