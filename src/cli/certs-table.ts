// Certificates as rows for people and as members of a JSON document: whose, where, subject, issuer, kind of key, serial
// number, dates, days left, verdict.

import type { Inspection } from '../certificates/pair-files.ts';
import { daysLeft, utc } from '../certificates/verdict.ts';
import { inColumns } from './columns.ts';

export interface CertificateRow {
  readonly device: string;
  /** `here`: this machine's files; `router`: the copy on the router. */
  readonly place: 'here' | 'router';
  /** Laid beside the pair in service, to be taken by the next run there. */
  readonly isWaiting?: boolean;
  readonly inspection: Inspection;
  /** What was done, for `certs renew`. */
  readonly action?: string | undefined;
}

const HEAD = ['device', 'where', 'subject', 'issuer', 'key', 'serial', 'not before', 'not after', 'days', 'verdict'];

export function certificateTable(rows: readonly CertificateRow[], now: number): string {
  return `${inColumns([HEAD, ...rows.map((row) => cells(row, now))]).join('\n')}\n`;
}

function cells({ device, place: machine, isWaiting, inspection: { facts, verdict, remarks }, action }: CertificateRow, now: number): string[] {
  const place = isWaiting === true ? `${machine} .new` : machine;
  const judged = [action, verdict.state, ...remarks.map((remark) => `(${remark})`)].filter((word) => word !== undefined).join(' ');
  if (facts === undefined) return [device, place, '-', '-', '-', '-', '-', '-', '-', judged];
  const { subject, issuer, keyKind, serial, notBefore, notAfter } = facts;
  return [device, place, subject, issuer, keyKind, serial, utc(notBefore), utc(notAfter), String(daysLeft(facts, now)), judged];
}

export function certificateMembers({ device, place, isWaiting = false, inspection: { files, facts, verdict, remarks }, action }: CertificateRow, now: number): object {
  return {
    device,
    where: place,
    file: files.certificateFile,
    waiting: isWaiting,
    ...(action === undefined ? {} : { action }),
    subject: facts?.subject ?? null,
    issuer: facts?.issuer ?? null,
    key: facts?.keyKind ?? null,
    serial: facts?.serial ?? null,
    not_before: facts === undefined ? null : utc(facts.notBefore),
    not_after: facts === undefined ? null : utc(facts.notAfter),
    days_left: facts === undefined ? null : daysLeft(facts, now),
    verdict: verdict.state,
    reason: verdict.reason,
    hint: verdict.hint,
    remarks,
  };
}
