// A pair that someone has laid beside the one in service, as `.crt.new` and `.key.new`: the management host, the other
// routing engine, the operator. Checked as one and put in service as one; what cannot be used stays where it is.

import { readFile, rm, stat } from 'node:fs/promises';
import { QkdError } from '../errors.ts';
import { certificatesAlone, inspectionOf, type PairFiles, readPair } from './pair-files.ts';
import { demandsOf, putInService, type RenewalPorts, type RenewalSubject } from './renewal.ts';

/** Names under which a new pair may be laid beside the one in service. */
export function offeredFiles({ certificateFile, keyFile }: PairFiles): PairFiles {
  return { certificateFile: `${certificateFile}.new`, keyFile: `${keyFile}.new` };
}

/** True when both files are there. */
export async function isOffered(inService: PairFiles): Promise<boolean> {
  const { certificateFile, keyFile } = offeredFiles(inService);
  return (await isThere(certificateFile)) && isThere(keyFile);
}

/** Takes what is offered. True when it is in service now. Throws when it is there and cannot be used. */
export async function takeOffered(subject: RenewalSubject, ports: RenewalPorts): Promise<boolean> {
  if (!(await isOffered(subject.files))) return false;
  const offered = offeredFiles(subject.files);
  const pair = await readPair(offered, { anyMode: true }).catch(explained);
  const present = await readPair(subject.files).catch(() => undefined);
  if (present === undefined || !present.chain[0].raw.equals(pair.chain[0].raw)) {
    const { verdict } = inspectionOf(offered, pair, await ports.known(), demandsOf(subject, ports));
    if (!['valid', 'expiring'].includes(verdict.state)) throw new QkdError('certificate', `${offered.certificateFile} ${verdict.reason}`, { hint: verdict.hint });
    await putInService(subject, { certificate: certificatesAlone(pair), key: pair.keyText }, ports);
  }
  // A newer pair may have come meanwhile: it is taken by the next run.
  if ((await holds(offered.certificateFile, pair.certificateText)) && (await holds(offered.keyFile, pair.keyText))) {
    await rm(offered.certificateFile, { force: true });
    await rm(offered.keyFile, { force: true });
  }
  return true;
}

async function holds(file: string, text: Buffer): Promise<boolean> {
  return (await readFile(file).catch(() => undefined))?.equals(text) === true;
}

/** A file that another login has put here belongs to that login. */
function explained(error: unknown): never {
  const denied = error instanceof QkdError && ['EACCES', 'EPERM'].includes((error.cause as NodeJS.ErrnoException | undefined)?.code ?? '');
  if (!denied) throw error;
  throw new QkdError(error.code, error.message, { hint: "chown both .new files to the user that this program runs as, or log in as that user off-box (secrets.username)", cause: error.cause });
}

function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
