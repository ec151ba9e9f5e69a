// `certs ca`: the CAs of the client certificates: makes or fetches one as the inventory says, or shows the operator's; with
// --force a new one is made beside the old, which stays known until it ends and signs until the KMEs accept the new one.

import type { X509Certificate } from 'node:crypto';
import { authorityFiles, knownAuthorities } from '../certificates/authority-files.ts';
import { keyKind } from '../certificates/pair-files.ts';
import { DAY, utc } from '../certificates/verdict.ts';
import { oneLine, QkdError } from '../errors.ts';
import { generatesAuthority, signingAuthorities } from './certificate-authority.ts';
import type { CertsResult, CertsRun } from './certs.ts';
import { inColumns } from './columns.ts';

export async function certsCa(run: CertsRun): Promise<CertsResult> {
  const { inventory, world, log, invocation } = run;
  const { certificateFile } = authorityFiles(inventory.paths.certificates);
  const authorities = signingAuthorities(inventory, { clock: world.clock, log, force: invocation.force });
  if (invocation.force && !generatesAuthority(inventory)) throw new QkdError('invocation', 'certs ca --force goes with ca_cert.generate only', { hint: 'make the new CA where it comes from' });
  const before = await knownAuthorities(inventory.paths.certificates);
  const signing = invocation.dryRun ? [] : ((await authorities?.get()) ?? []).map(({ certificate }) => certificate);
  const known = invocation.dryRun ? before : await knownAuthorities(inventory.paths.certificates);
  const wouldMake = invocation.dryRun && authorities !== undefined && (known === undefined || invocation.force);
  if (known === undefined && !wouldMake) {
    throw new QkdError('certificate', `there is no CA certificate ${certificateFile}`, { hint: 'put it in place by hand, or set fetch or generate in ca_server' });
  }
  const now = world.clock.now();
  const rows = (known ?? []).map((one) => authorityMembers(one, signing, now));
  const [newest] = signing;
  const isNew = newest !== undefined && before?.some(({ raw }) => raw.equals(newest.raw)) !== true;
  const next = wouldMake ? `dry run: would make or fetch ${certificateFile}\n` : isNew ? "give the KME's operator the new CA: qkd-macsec certs export\n" : '';
  return { members: { file: certificateFile, authorities: rows }, text: `${rows.length > 0 ? table(rows) : ''}${next}`, errors: [] };
}

type Row = ReturnType<typeof authorityMembers>;

function table(rows: readonly Row[]): string {
  const cells = rows.map((row) => [row.subject, row.key, row.serial, row.not_before, row.not_after, String(row.days_left), row.newest ? 'yes' : row.signs ? 'until the newest is accepted' : '-']);
  return `${inColumns([['subject', 'key', 'serial', 'not before', 'not after', 'days', 'signs'], ...cells]).join('\n')}\n`;
}

/** `signing`: the CAs that can sign, the newest first. */
function authorityMembers(one: X509Certificate, signing: readonly X509Certificate[], now: number) {
  const [from, until] = [Date.parse(one.validFrom), Date.parse(one.validTo)];
  const place = signing.findIndex(({ raw }) => raw.equals(one.raw));
  return {
    subject: oneLine(one.subject.replaceAll('\n', ', ')),
    key: keyKind(one.publicKey),
    serial: one.serialNumber,
    not_before: utc(from),
    not_after: utc(until),
    days_left: Math.floor((until - now) / DAY),
    signs: place >= 0,
    newest: place === 0,
  };
}
