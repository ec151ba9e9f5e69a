// What a run leaves behind when its work is done, under its lock: last-run.json for status, and alarms. None
// of it can fail the run; a dry run leaves nothing.

import { type QkdError, asQkdError } from '../errors.ts';
import { ownLinks } from '../inventory/device-view.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { LinkReport } from '../workflow/report.ts';
import type { Run } from '../workflow/link-end.ts';
import type { Alarms } from './alarms.ts';
import { writeLastRun } from './last-run.ts';

/** `error`: what kept the run from working on any link. Never rejects. */
export async function afterRun(inventory: Inventory, given: { run: Run; command: string; alarms: Alarms; links: readonly LinkReport[]; error?: QkdError }): Promise<void> {
  const { run, command, alarms, links, error } = given;
  if (run.dryRun) return;
  const known = (link: string, device: string): boolean => ownLinks(inventory, device).some((own) => own.link.name === link);
  try {
    await writeLastRun(inventory.paths.home, { at: run.clock.now(), command, links, error, known });
  } catch (cause) {
    run.log.write('WARNING', 'run', asQkdError('last run', cause).message);
  }
  await alarms.close([...new Set(links.map(({ device }) => device))]);
}
