// Takes the program off one router: first the timer, so that nothing starts any more, then its files, at last its users.
// MACsec is not touched: each link stays on its last key. What the router does not let us delete is emptied; what others
// have come to use (a timer, a login class) stays and is named.

import { isQkdError } from '../errors.ts';
import { at, childrenOf, element, textAt } from '../xml.ts';
import type { Installation } from './installation.ts';
import { checkInstalledUsers } from './installed-users.ts';
import { LAUNCHER_FILE, SCRIPT_FOLDERS, homeOf } from './release.ts';
import type { RoutingEngine } from './routing-engine.ts';
import { setStatements } from './set-statements.ts';

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
  if (installation.changed) for (const [line, user] of used) installation.say(`${installation.name}: kept ${line.replace('delete ', '')}: ${user} uses it`);
}

/** Statements of the removal that would take something from somebody else, with who uses it. */
async function usedByOthers(installation: Installation, statements: readonly string[]): Promise<Map<string, string>> {
  const session = await (await installation.master()).session('operator');
  const configuration = await session.getConfiguration(element('configuration', element('system', element('login')), element('event-options')));
  const deletes = (path: string, name = ''): boolean => statements.includes(`delete ${path} ${name}`);
  const used = new Map<string, string>();
  for (const user of childrenOf(at(configuration, 'system/login'), 'user')) {
    const name = textAt(user, 'name') ?? '';
    const ofClass = `system login class ${textAt(user, 'class')}`;
    if (!deletes('system login user', name) && statements.includes(`delete ${ofClass}`)) used.set(`delete ${ofClass}`, `user ${name}`);
  }
  for (const policy of childrenOf(at(configuration, 'event-options'), 'policy')) {
    const name = textAt(policy, 'name') ?? '';
    const timers = childrenOf(policy, 'events').map(({ text }) => `delete event-options generate-event ${text}`);
    if (!deletes('event-options policy', name)) for (const timer of timers) if (statements.includes(timer)) used.set(timer, `policy ${name}`);
  }
  return used;
}

async function removeFiles(installation: Installation): Promise<void> {
  const { job, name, engines } = installation;
  const home = homeOf(job.users.script);
  const scripts = SCRIPT_FOLDERS.flatMap((folder) => [`${folder}/${LAUNCHER_FILE}`, `${folder}/qkd-macsec.conf`]);
  if (job.dryRun) return installation.say(`${name}: would delete what is in ${home}, and ${scripts.join(', ')}`);
  for (const engine of engines) {
    const secret = ['id_ed25519', 'inventory.json', `certs/${name}.key`].map((file) => `${home}/${file}`);
    if (await mayLogIn(installation, engine)) for (const path of secret) await emptied(path, engine);
    const own = (await mayLogIn(installation, engine)) ? await engine.filesIn('script', home) : [];
    const gone: string[] = [];
    for (const path of own) if (await engine.remove('script', path)) gone.push(path);
    for (const path of scripts) if (await engine.remove('operator', path)) gone.push(path);
    if (gone.length > 0) installation.say(`${engine.name}: deleted ${gone.join(', ')}`);
  }
}

/** A second uninstall finds no script user any more. */
async function mayLogIn({ job }: Installation, engine: RoutingEngine): Promise<boolean> {
  try {
    await engine.session('script');
    return true;
  } catch (error) {
    if (!isQkdError(error, 'ssh-authentication')) throw error;
    job.log.write('INFO', 'install', 'no login as the script user: its files are gone already', { router: engine.name });
    return false;
  }
}

/** A deletion frees blocks and may be refused; what is overwritten with nothing can be read by nobody. */
async function emptied(path: string, engine: RoutingEngine): Promise<void> {
  const found = await engine.get('script', path);
  if (found !== undefined && found.length > 0) await engine.put('script', path, Buffer.alloc(0), 0o600);
}
