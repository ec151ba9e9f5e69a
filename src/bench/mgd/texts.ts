// The texts that mgd answers with, word for word as routers write them, and the shape of <rpc-error>
// (junos.md 3.4). Everything else in this folder names its refusals through here.

import { escapeXml } from '../../xml.ts';
import type { Finding } from '../configuration/change.ts';
import { editPath } from '../configuration/curly-text.ts';

export const NOT_OPEN = 'Configuration database is not open';
export const ALREADY_OPEN = 'Configuration database is already open';
export const DATABASE_MODIFIED = 'configuration database modified';
export const SHARED_DATABASE_MODIFIED = 'shared configuration database modified';
export const PRIVATE_EDITS_IN_USE = "private edits in use. Try 'configure private' or 'configure exclusive'.";
export const NOT_IN_PRIVATE_MODE = 'operation not allowed in private mode';
export const DISCARDED_ON_EXIT = 'uncommitted changes will be discarded on exit';
export const PERMISSION_DENIED = 'permission denied';
export const CONSTRAINT_CHECK_FAILED = 'commit failed: (statements constraint check failed)';
export const MANDATORY_MISSING = 'configuration check-out failed: (missing mandatory statements)';
export const CHECK_OUT_FAILED = 'configuration check-out failed';
export const SHORT_CKN = 'To maximize security, recommend configuring all 64 hexadecimal digits of pre-shared-key ckn';

/** One <rpc-error>. */
export interface Fault {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly type?: 'protocol' | 'application';
  readonly tag?: string;
  /** `[edit security macsec]` */
  readonly path?: string;
  readonly badElement?: string;
  /** Session that holds the lock: RFC 6241 lock-denied. */
  readonly holder?: number;
}

/** Ends an RPC with one <rpc-error>. */
export class Refusal extends Error {
  readonly fault: Fault;

  constructor(message: string, more: Omit<Partial<Fault>, 'message' | 'severity'> = {}) {
    super(message);
    this.fault = { severity: 'error', message, ...more };
  }
}

/** Refusal of something that this router leaves out. */
export function notSupported(what: string, badElement: string): Refusal {
  return new Refusal(`${what} is not supported`, { tag: 'operation-not-supported', badElement });
}

/** Refusal of a value or attribute. */
export function invalid(message: string, badElement: string, tag = 'invalid-value'): Refusal {
  return new Refusal(message, { tag, badElement });
}

export function rpcError(fault: Fault): string {
  const { severity, message } = fault;
  const leaf = (name: string, text: string | undefined): string => (text === undefined ? '' : `<${name}>${escapeXml(text)}</${name}>\n`);
  const holder = fault.holder === undefined ? '' : leaf('session-id', String(fault.holder));
  const inner = leaf('bad-element', fault.badElement) + holder;
  // Warnings come bare, as in the captured load results.
  const head = severity === 'warning' ? '' : leaf('error-type', fault.type ?? 'protocol') + leaf('error-tag', fault.tag ?? 'operation-failed');
  const shown = message.includes('\n') ? `\n${message}\n` : message;
  const body = head + leaf('error-severity', severity) + leaf('error-path', fault.path) + leaf('error-message', shown);
  const about = inner === '' ? '' : `<error-info>\n${inner}</error-info>\n`;
  return `<rpc-error>\n${body}${about}</rpc-error>\n`;
}

/** The <rpc-error> of something that a load or a commit check found. */
export function findingError(finding: Finding, type: 'protocol' | 'application'): string {
  const path = finding.path.length === 0 ? {} : { path: editPath(finding.path) };
  const tag = finding.tag === undefined ? {} : { tag: finding.tag };
  const bad = finding.badElement === undefined || finding.message === 'statement not found' ? {} : { badElement: finding.badElement };
  return rpcError({ severity: finding.severity, message: finding.message, type, ...path, ...tag, ...bad });
}
