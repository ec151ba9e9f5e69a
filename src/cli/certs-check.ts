// `certs check`: every client certificate and what is wrong with it, with the pairs that wait beside to be taken. Off-box
// the copies on the routers are looked at as well, and in both modes the CA server where there is one: has its CA changed?
// Changes nothing, but for remembering that a check found all in order.

import type { X509Certificate } from 'node:crypto';
import { knownAuthorities } from '../certificates/authority-files.ts';
import { isOffered, offeredFiles } from '../certificates/offered-pair.ts';
import { inspect, inspectionOf, type Inspection } from '../certificates/pair-files.ts';
import { demandsOf, inspectService } from '../certificates/renewal.ts';
import { lastCheckFile, writeLastCheck } from '../certificates/last-check-file.ts';
import { asQkdError, oneLine, QkdError, within } from '../errors.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { atMost } from '../workflow/at-most.ts';
import type { RouterFiles } from '../workflow/ports.ts';
import { type SigningAuthorities, signingAuthorities } from './certificate-authority.ts';
import { type CertificateWork, certificateWork, withRouterFiles } from './certificate-work.ts';
import type { CertsResult, CertsRun } from './certs.ts';
import { type CertificateRow, certificateMembers, certificateTable } from './certs-table.ts';
import { getInService, getWaiting, type RouterCopy } from './router-copy.ts';

export async function certsCheck(run: CertsRun): Promise<CertsResult> {
  const { inventory, mode, log, world, devices } = run;
  const authorities = signingAuthorities(inventory, { clock: world.clock, log });
  const shared = { inventory, mode, clock: world.clock, log, authorities };
  const server = caServerNews(inventory, authorities);
  const looks = (await atMost(run.limit, devices, (device) => look(certificateWork(shared, device)))).flat();
  const now = world.clock.now();
  const rows = looks.flatMap(({ row }) => row ?? []);
  return {
    members: { certificates: rows.map((row) => certificateMembers(row, now)) },
    text: certificateTable(rows, now),
    errors: looks.flatMap(({ error }) => error ?? []),
    warnings: await server,
  };
}

/** What the operator should know of a CA server: its CA has changed, or cannot be seen. */
async function caServerNews(inventory: Inventory, authorities: SigningAuthorities | undefined): Promise<QkdError[]> {
  const found = await authorities?.onServer?.();
  if (found === undefined) return [];
  if (found instanceof QkdError) return [within('whether the CA has changed', found)];
  const known = await knownAuthorities(inventory.paths.certificates).catch((): X509Certificate[] => []);
  if (known?.some(({ raw }) => raw.equals(found.raw)) === true) return [];
  const { caServer: { address = '' } = {} } = inventory;
  const what = `the CA server ${address} has a CA that is not known here yet: ${oneLine(found.subject.replaceAll('\n', ', '))}, serial ${found.serialNumber}`;
  return [new QkdError('certificate', what, { hint: "take it (qkd-macsec certs ca) and give it to the KME's operator (certs export)" })];
}

interface Look {
  readonly row?: CertificateRow;
  readonly error?: QkdError | undefined;
}

async function look(work: CertificateWork): Promise<Look[]> {
  const device = work.device.name;
  const here = withRemedy(work, await inspectService(work.subject, work.ports));
  const own: Look = { row: { device, place: 'here', inspection: here }, error: wrongWith(device, here) };
  if (own.error === undefined) {
    const { inventory, clock } = work.world;
    await writeLastCheck(lastCheckFile(inventory.paths.home, device), { at: clock.now(), succeeded: true }).catch(() => undefined);
  }
  if (work.world.mode === 'onbox') return (await isOffered(work.subject.files)) ? [own, await lookAtOffered(work)] : [own];
  const routers = await withRouterFiles(work, (engines) => Promise.all(engines.map((files) => lookAtRouter(work, files))));
  return [own, ...routers.flat()];
}

/** A pair that is not there yet is no wrong path where this program can make one. */
function withRemedy({ ports }: CertificateWork, found: Inspection): Inspection {
  if (found.verdict.state !== 'missing' || ports.authorities === undefined) return found;
  return { ...found, verdict: { ...found.verdict, hint: 'make a pair (qkd-macsec certs renew), or check the path in the inventory' } };
}

async function lookAtOffered({ device: { name }, subject, ports }: CertificateWork): Promise<Look> {
  const inspection = await inspect(offeredFiles(subject.files), await ports.known(), demandsOf(subject, ports), { anyMode: true });
  return { row: { device: name, place: 'here', isWaiting: true, inspection }, error: wrongWith(name, inspection) };
}

/** A router without certificates is one that nothing runs on. */
async function lookAtRouter(work: CertificateWork, files: RouterFiles): Promise<Look[]> {
  const looks = [getInService, getWaiting].map(async (get) => {
    try {
      const copy = await get(work, files);
      return copy === undefined || copy.isEmpty ? {} : await lookAtCopy(work, copy);
    } catch (cause) {
      const error = asQkdError('certs check', cause);
      return { error: new QkdError(error.code, `certificates of ${work.device.name} on the router: ${error.message}`, { hint: error.hint, cause }) };
    }
  });
  const [inService = {}, waiting = {}]: Look[] = await Promise.all(looks);
  if (inService.error?.code === 'certificate' && waiting.row?.inspection.verdict.state === 'valid') {
    const hint = 'run this program on the router: it takes the pair that waits beside (.new)';
    return [{ ...inService, error: new QkdError('certificate', inService.error.message, { hint }) }, waiting];
  }
  // A router out of reach is told of once.
  return inService.error?.message === waiting.error?.message ? [inService] : [inService, waiting];
}

async function lookAtCopy({ device: { name }, subject, ports }: CertificateWork, { pair, place, isWaiting }: RouterCopy): Promise<Look> {
  if (pair === undefined) return { error: new QkdError('certificate', `certificates of ${name}: the router has only one of ${place.certificateFile} and its key`, { hint: 'renew (qkd-macsec certs renew)' }) };
  const inspection = inspectionOf(place, pair, await ports.known(), demandsOf(subject, ports));
  return { row: { device: name, place: 'router', isWaiting, inspection }, error: wrongWith(`${name} on the router`, inspection) };
}

function wrongWith(whose: string, { verdict, facts, files }: Inspection): QkdError | undefined {
  if (verdict.state === 'valid') return undefined;
  const what = facts === undefined ? verdict.reason : `${files.certificateFile} ${verdict.reason}`;
  return new QkdError('certificate', `certificates of ${whose}: ${what}`, { hint: verdict.hint });
}
