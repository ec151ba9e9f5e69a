// Under which names the program is installed on a router already, by its configuration. Under other names an upgrade
// would leave the old user's keys behind, and so would an uninstall, which says that nothing is left.

import { QkdError } from '../errors.ts';
import { type XmlElement, at, childrenOf, element, textAt } from '../xml.ts';
import type { Installation } from './installation.ts';
import { LAUNCHER_FILE } from './release.ts';

/** Classes of script user and peer user in junos-config/login-class.set. What has other classes was not installed by this program. */
export const CLASSES = { script: 'qkd-rotation', peer: 'qkd-record' } as const;

/** Throws `invocation` when script user or peer user are others than those of this job. */
export async function checkInstalledUsers(installation: Installation): Promise<void> {
  const { job, name } = installation;
  const { users, events } = await usersAndEvents(installation);
  const script = childrenOf(at(events, 'event-script'), 'file').find((file) => textAt(file, 'name') === LAUNCHER_FILE);
  const named = (loginClass: string): string[] => users.flatMap((user) => (textAt(user, 'class') === loginClass ? [textAt(user, 'name') ?? ''] : []));
  const wrong = ([
    ['--script-user', job.users.script, named(CLASSES.script).filter((user) => user === textAt(script, 'python-script-user'))],
    ['--peer-user', job.users.peer, named(CLASSES.peer)],
  ] as const).find(([, wanted, found]) => found.length > 0 && !found.includes(wanted));
  if (wrong === undefined) return;
  const [option, wanted, [found = '']] = wrong;
  throw new QkdError('invocation', `${name}: installed with ${option} ${found}, not ${wanted}`, { hint: `give ${option} ${found}; to change it, uninstall with the old name first` });
}

/** The users of the router's configuration, and its [edit event-options]. */
export async function usersAndEvents(installation: Installation): Promise<{ readonly users: readonly XmlElement[]; readonly events: XmlElement | undefined }> {
  const session = await (await installation.master()).session('operator');
  const configuration = await session.getConfiguration(element('configuration', element('system', element('login')), element('event-options')));
  return { users: childrenOf(at(configuration, 'system/login'), 'user'), events: at(configuration, 'event-options') };
}

/** Throws `invocation` when script user or peer user are somebody else's, who would lose their rights. */
export async function checkForeignUsers(installation: Installation): Promise<void> {
  const { users } = installation.job;
  for (const [option, name, own] of [['--script-user', users.script, CLASSES.script], ['--peer-user', users.peer, CLASSES.peer]] as const) {
    const found = textAt(await configuredUser(installation, name), 'class') ?? own;
    if (found !== own) throw new QkdError('invocation', `${installation.name}: user ${name} is there already, with class ${found}, and would get class ${own}`, { hint: `give ${option} a name of its own, or delete that user first` });
  }
}

/** A user of the router's configuration; undefined when it has none of this name. */
export async function configuredUser(installation: Installation, name: string): Promise<XmlElement | undefined> {
  const session = await (await installation.master()).session('operator');
  const configuration = await session.getConfiguration(element('configuration', element('system', element('login', element('user', element('name', name))))));
  return childrenOf(at(configuration, 'system/login'), 'user').find((user) => textAt(user, 'name') === name);
}
