// Takes an upgrade of one router back: the release in the other slot, its launcher and its checksum. Inventory,
// certificates, users and keys stay as they are.

import { QkdError } from '../errors.ts';
import { setupStatements, switchTo } from './install-router.ts';
import type { Installation } from './installation.ts';
import { checkInstalledUsers } from './installed-users.ts';
import { LAUNCHER_FILE, SCRIPT_FOLDERS, homeOf, otherSlot, slotOf } from './release.ts';
import type { RoutingEngine } from './routing-engine.ts';

/** Throws file when there is no release before this one. */
export async function rollbackRouter(installation: Installation): Promise<void> {
  const { job, name } = installation;
  await checkInstalledUsers(installation);
  const [engine] = installation.engines as [RoutingEngine];
  const current = slotOf((await engine.get('operator', `${SCRIPT_FOLDERS[0]}/qkd-macsec.conf`))?.toString('utf8') ?? '');
  if (current === undefined) throw new QkdError('file', `${name}: nothing is installed that could be taken back`, { hint: 'run install' });
  const slot = otherSlot(current);
  const folder = `${homeOf(job.users.script)}/${slot}`;
  const launcher = await engine.get('script', `${folder}/${LAUNCHER_FILE}`);
  const artifact = await engine.checksum(`${folder}/qkd-macsec.js`);
  if (launcher === undefined || launcher.length === 0 || artifact === undefined) {
    throw new QkdError('file', `${name}: no release before this one is kept in ${folder}`, { hint: 'build the release you want and run install' });
  }
  const statements = setupStatements(installation, new Map(), launcher).filter((line) => line.includes(' checksum '));
  await switchTo(installation, slot, launcher, statements);
}
