// Is a client certificate good for its router, and for how long? Pure: facts and the present go in. What cannot be
// judged here (a damaged file, a key that does not match) never gets this far: pair-files.ts refuses it.

import type { ErrorDetails } from '../errors.ts';

export const DAY = 86_400_000;

/** What a verdict is made from; instants in milliseconds since 1970 UTC. */
export interface CertificateFacts {
  /** Distinguished names on one line. */
  readonly subject: string;
  readonly issuer: string;
  /** Of the subject; a KME takes the first as SAE ID. */
  readonly commonNames: readonly string[];
  /** "RSA 2048", "EC prime256v1", "Ed25519". */
  readonly keyKind: string;
  /** Hexadecimal digits. */
  readonly serial: string;
  readonly notBefore: number;
  readonly notAfter: number;
  /** The first end among the certificate, the issuers that its file sends along and the CA that is known here. */
  readonly usableUntil: number;
  readonly isCa: boolean;
  /** Extended key usage is absent or holds clientAuth (RFC 5280 section 4.2.1.12). */
  readonly forClients: boolean;
  /** Key usage is absent or allows what a TLS client does with its key (RFC 5280 section 4.2.1.3). */
  readonly maySign: boolean;
  /** Whether a CA that we know signed it; `not-checked`: no CA is known at all. */
  readonly trust: 'known' | 'unknown' | 'not-checked';
}

export type CertificateState = 'valid' | 'expiring' | 'expired' | 'not-yet-valid' | 'wrong-name' | 'not-for-clients' | 'unknown-issuer' | 'unusable' | 'missing';

export interface Verdict {
  readonly state: CertificateState;
  /** What is wrong, as part of a sentence; '' when valid. */
  readonly reason: string;
  readonly hint: NonNullable<ErrorDetails['hint']> | '';
}

export interface Demands {
  readonly now: number;
  readonly minValidDays: number;
  /** Undefined: any name will do. */
  readonly saeId: string | undefined;
}

/** Whole days until the certificate, or an issuer that it needs, ends; negative when it has ended. */
export function daysLeft(facts: CertificateFacts, now: number): number {
  return Math.floor((facts.usableUntil - now) / DAY);
}

/** The first thing that is wrong, the worst first. */
export function verdictOn(facts: CertificateFacts, demands: Demands): Verdict {
  return nameVerdict(facts, demands) ?? useVerdict(facts) ?? dateVerdict(facts, demands) ?? trustVerdict(facts) ?? daysVerdict(facts, demands) ?? { state: 'valid', reason: '', hint: '' };
}

/** ETSI GS QKD 014 clause 5: the SAE ID is taken from the certificate; KMEs take the first common name. */
function nameVerdict({ commonNames }: CertificateFacts, { saeId }: Demands): Verdict | undefined {
  if (saeId === undefined || commonNames[0] === saeId) return undefined;
  const found = commonNames.length === 0 ? 'has no common name' : `is for ${commonNames.join(', ')}`;
  return { state: 'wrong-name', reason: `${found}, not for SAE ID ${saeId}`, hint: 'issue a certificate with the SAE ID as common name, or correct sae_id in the inventory' };
}

function useVerdict({ isCa, forClients, maySign }: CertificateFacts): Verdict | undefined {
  if (isCa) return { state: 'not-for-clients', reason: 'is a CA certificate', hint: 'issue a client certificate below that CA' };
  if (!forClients) return { state: 'not-for-clients', reason: 'is not for TLS clients', hint: 'issue a certificate with extended key usage clientAuth' };
  if (!maySign) return { state: 'not-for-clients', reason: 'does not allow its key to sign', hint: 'issue a certificate with key usage digitalSignature' };
  return undefined;
}

function trustVerdict({ trust, issuer }: CertificateFacts): Verdict | undefined {
  if (trust !== 'unknown') return undefined;
  return {
    state: 'unknown-issuer',
    reason: `is not signed by a CA that is known here (its issuer: ${issuer})`,
    hint: 'if that is the right CA, add its certificate to client-root-ca.crt in the certificate folder; if not, renew or replace the pair',
  };
}

function dateVerdict(facts: CertificateFacts, { now }: Demands): Verdict | undefined {
  if (now < facts.notBefore) return { state: 'not-yet-valid', reason: `is not valid before ${utc(facts.notBefore)}`, hint: "check this machine's clock, then the clock of the CA" };
  if (now >= facts.usableUntil) return { state: 'expired', reason: `${isIssuers(facts) ? 'has an issuer that ' : ''}expired on ${utc(facts.usableUntil)}`, hint: endHint(facts) };
  return undefined;
}

function daysVerdict(facts: CertificateFacts, { now, minValidDays }: Demands): Verdict | undefined {
  if (facts.usableUntil - now >= minValidDays * DAY) return undefined;
  return { state: 'expiring', reason: `has ${isIssuers(facts) ? 'an issuer with ' : ''}${daysLeft(facts, now)} days left, fewer than ${minValidDays}`, hint: endHint(facts) };
}

/** Whether it is an issuer that ends first. */
function isIssuers({ usableUntil, notAfter }: CertificateFacts): boolean {
  return usableUntil < notAfter;
}

function endHint(facts: CertificateFacts): Verdict['hint'] {
  if (isIssuers(facts)) return "renew it (qkd-macsec certs renew), or put that issuer's new certificate in place";
  return 'renew it (qkd-macsec certs renew), or put a new one in place';
}

/** "2026-11-22T16:00:00Z" */
export function utc(instant: number): string {
  return new Date(instant).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
