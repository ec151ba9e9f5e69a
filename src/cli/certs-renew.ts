// `certs renew`: what is due for renewal now, or with --force everything; one row a device with what was done, and what
// is still to happen on the routers. A device that fails keeps its former pair and does not keep others from being renewed.

import { lastCheckFile, writeLastCheck } from '../certificates/last-check-file.ts';
import { inspectService } from '../certificates/renewal.ts';
import { asQkdError, type QkdError, within } from '../errors.ts';
import { atMost } from '../workflow/at-most.ts';
import { signingAuthorities } from './certificate-authority.ts';
import { certificateRound, takeWhatIsOffered } from './certificate-round.ts';
import { type CertificateWork, certificateWork } from './certificate-work.ts';
import type { CertsResult, CertsRun } from './certs.ts';
import { type CertificateRow, certificateMembers, certificateTable } from './certs-table.ts';

interface Renewed {
  readonly row: CertificateRow;
  readonly error?: QkdError;
  readonly warnings: readonly QkdError[];
  /** Certificate files on the router that its next run takes. */
  readonly waiting: readonly string[];
}

export async function certsRenew(run: CertsRun): Promise<CertsResult> {
  const { inventory, mode, log, world, invocation } = run;
  const shared = { inventory, mode, clock: world.clock, log, authorities: signingAuthorities(inventory, { clock: world.clock, log }) };
  const done = await atMost(run.limit, run.devices, (device) => renewed(certificateWork(shared, device), invocation));
  const now = world.clock.now();
  const members = done.map(({ row, error, warnings, waiting }) => ({
    ...certificateMembers(row, now),
    waiting,
    warnings: warnings.map(errorMembers),
    error: error === undefined ? null : errorMembers(error),
  }));
  return {
    members: { certificates: members },
    text: `${certificateTable(done.map(({ row }) => row), now)}${done.map(whatIsLeft).join('')}`,
    errors: done.flatMap(({ error }) => error ?? []),
    warnings: done.flatMap(({ warnings }) => warnings),
  };
}

function errorMembers({ code, message, hint }: QkdError): object {
  return { code, message, hint: hint ?? null };
}

function whatIsLeft({ row, waiting }: Renewed): string {
  return waiting
    .map((file) => `${row.device}: waits on the router as ${file} and its key: the next run of this program on the router checks the pair and takes it into service; where none runs there, rename both without .new, the key first\n`)
    .join('');
}

async function renewed(work: CertificateWork, wish: { force: boolean; dryRun: boolean }): Promise<Renewed> {
  const { world, device } = work;
  const whose = `certificates of ${device.name}`;
  const remember = async (succeeded: boolean): Promise<void> => {
    if (!wish.dryRun) await writeLastCheck(lastCheckFile(world.inventory.paths.home, device.name), { at: world.clock.now(), succeeded }).catch(() => undefined);
  };
  try {
    if (world.mode === 'onbox' && !wish.dryRun) await takeWhatIsOffered(work);
    const { action, inspection, warnings, waiting } = await certificateRound(work, wish);
    await remember(true);
    return { row: { device: device.name, place: 'here', inspection, action }, warnings: warnings.map((warning) => within(whose, warning)), waiting: [...new Set(waiting)] };
  } catch (cause) {
    await remember(false);
    const inspection = await inspectService(work.subject, work.ports);
    return { row: { device: device.name, place: 'here', inspection, action: 'failed' }, error: within(whose, asQkdError('renew', cause)), warnings: [], waiting: [] };
  }
}
