// `certs export`: what the operator of the KMEs needs to let our routers in: the CA certificates that sign them, and the
// SAE IDs with the KME of each. Nothing secret is in it.

import { join, resolve } from 'node:path';
import { makeFolder, writeFileAtomically } from '../atomic-file.ts';
import { authorityFiles, knownAuthorities } from '../certificates/authority-files.ts';
import { inspectService } from '../certificates/renewal.ts';
import { QkdError } from '../errors.ts';
import { atMost } from '../workflow/at-most.ts';
import { certificateWork } from './certificate-work.ts';
import type { CertsResult, CertsRun } from './certs.ts';
import { inColumns } from './columns.ts';

const AUTHORITIES = 'client-ca.crt';
const SAE_IDS = 'sae-ids.json';

export async function certsExport(run: CertsRun): Promise<CertsResult> {
  const { inventory, mode, log, world, devices } = run;
  const authorities = await knownAuthorities(inventory.paths.certificates);
  if (authorities === undefined) {
    throw new QkdError('certificate', `there is no CA certificate ${authorityFiles(inventory.paths.certificates).certificateFile}`, { hint: 'make or fetch it (qkd-macsec certs ca), or put it in place by hand' });
  }
  const shared = { inventory, mode, clock: world.clock, log, authorities: undefined };
  const saes = await atMost(run.limit, devices, async (device) => {
    const { facts } = await inspectService(certificateWork(shared, device).subject, certificateWork(shared, device).ports);
    const kmes = device.kme.endpoints.map(({ name }) => name);
    return { sae_id: device.saeId, device: device.name, kmes, serial: facts?.serial ?? null, not_after: facts === undefined ? null : new Date(facts.notAfter).toISOString() };
  });
  const folder = resolve(world.folder, run.invocation.output ?? 'kme-operator');
  makeFolder(folder, 0o755);
  await writeFileAtomically(join(folder, AUTHORITIES), authorities.map(String).join(''), 0o644);
  await writeFileAtomically(join(folder, SAE_IDS), `${JSON.stringify({ client_ca: AUTHORITIES, saes }, undefined, 2)}\n`, 0o644);
  const files = [AUTHORITIES, SAE_IDS].map((name) => join(folder, name));
  const rows = [['SAE ID', 'KME', 'certificate until'], ...saes.map((sae) => [sae.sae_id, sae.kmes.join(' '), sae.not_after ?? '-'])];
  return { members: { files, client_ca: authorities.map(String).join(''), saes }, text: `${inColumns(rows).join('\n')}\n\nwritten: ${files.join(', ')}\n`, errors: [] };
}
