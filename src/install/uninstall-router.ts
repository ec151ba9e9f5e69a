// Takes the program off one router: first the timer, so that nothing starts any more, then its files, at last its users.
// MACsec is not touched: each link stays on its last key. What the router does not let us delete is emptied; what others
// have come to use (a timer, a login class) stays and is named.

import { QkdError, isQkdError } from '../errors.ts';
import { childrenOf, textAt } from '../xml.ts';
import type { Installation } from './installation.ts';
import { CLASSES, checkInstalledUsers, configuredUser, usersAndEvents } from './installed-users.ts';
import { LAUNCHER_FILE, SCRIPT_FOLDERS, homeOf } from './release.ts';
import type { RoutingEngine } from './routing-engine.ts';
import { setStatements } from './set-statements.ts';

const OWN_CLASSES: readonly string[] = Object.values(CLASSES);

export async function uninstallRouter(installation: Installation): Promise<void> {
  const { job } = installation;
  await checkInstalledUsers(installation);
  const all = setStatements(job.release.setFiles['remove.set'], { 'script-user': job.users.script, 'peer-user': job.users.peer });
  const used = await usedByOthers(installation, all);
  const statements = all.filter((line) => !used.has(line));
  const isOfLogin = (line: string): boolean => line.startsWith('delete system login ');
  await installation.commit(statements.filter((line) => !isOfLogin(line)), 'removal of timer and op command');
  await removeFiles(installation);
  await installation.commit(statements.filter(isOfLogin), 'removal of users');
  if (installation.changed) for (const [line, why] of used) installation.say(`${installation.name}: kept ${line.replace('delete ', '')}: ${why}`);
}

/** Statements of the removal that would take something from somebody else, with why. */
async function usedByOthers(installation: Installation, statements: readonly string[]): Promise<Map<string, string>> {
  const { users, events } = await usersAndEvents(installation);
  const deletes = (path: string, name = ''): boolean => statements.includes(`delete ${path} ${name}`);
  const used = new Map<string, string>();
  for (const user of users) {
    const name = textAt(user, 'name') ?? '';
    const ofClass = `system login class ${textAt(user, 'class')}`;
    if (!deletes('system login user', name) && statements.includes(`delete ${ofClass}`)) used.set(`delete ${ofClass}`, `user ${name} uses it`);
    if (deletes('system login user', name) && !OWN_CLASSES.includes(textAt(user, 'class') ?? '')) used.set(`delete system login user ${name}`, `it has class ${textAt(user, 'class')}`);
  }
  for (const policy of childrenOf(events, 'policy')) {
    const name = textAt(policy, 'name') ?? '';
    const timers = childrenOf(policy, 'events').map(({ text }) => `delete event-options generate-event ${text}`);
    if (!deletes('event-options policy', name)) for (const timer of timers) if (statements.includes(timer)) used.set(timer, `policy ${name} uses it`);
  }
  return used;
}

async function removeFiles(installation: Installation): Promise<void> {
  const { job, name, engines } = installation;
  const { dryRun } = job;
  const home = homeOf(job.users.script);
  const scripts = SCRIPT_FOLDERS.flatMap((folder) => [`${folder}/${LAUNCHER_FILE}`, `${folder}/qkd-macsec.conf`]);
  for (const engine of engines) {
    const secret = ['id_ed25519', 'inventory.json', `certs/${name}.key`].map((file) => `${home}/${file}`);
    const isLetIn = await mayLogIn(installation, engine);
    if (isLetIn && !dryRun) for (const path of secret) await emptied(path, engine);
    const own = isLetIn ? await engine.filesIn('script', home) : [];
    const gone: string[] = [];
    for (const path of own) if (dryRun || (await engine.remove('script', path))) gone.push(path);
    for (const path of scripts) if (dryRun ? (await engine.checksum(path)) !== undefined : await engine.remove('operator', path)) gone.push(path);
    if (gone.length > 0) installation.say(`${engine.name}: ${dryRun ? 'would delete' : 'deleted'} ${gone.join(', ')}`);
  }
}

/** A second uninstall finds no script user any more. One who is there and refuses us keeps private keys that nobody would delete. */
async function mayLogIn(installation: Installation, engine: RoutingEngine): Promise<boolean> {
  const { job, name } = installation;
  try {
    await engine.session('script');
    return true;
  } catch (error) {
    if (!isQkdError(error, 'ssh-authentication')) throw error;
    const { script } = job.users;
    if (textAt(await configuredUser(installation, script), 'class') === CLASSES.script) throw new QkdError('ssh-authentication', `${engine.name}: user ${script} refuses this machine's key: its files, private keys among them, would stay on ${name}`, { hint: 'run install, which lets this machine in, and then uninstall again' });
    job.log.write('INFO', 'install', 'no login as the script user: its files are gone already', { router: engine.name });
    return false;
  }
}

/** A deletion frees blocks and may be refused; what is overwritten with nothing can be read by nobody. */
async function emptied(path: string, engine: RoutingEngine): Promise<void> {
  const found = await engine.get('script', path);
  if (found !== undefined && found.length > 0) await engine.put('script', path, Buffer.alloc(0), 0o600);
}
