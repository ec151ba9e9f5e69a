// On a router every program sees the router's files at their own paths; on the bench they lie below the router's
// root. For the launcher this is made good here: its settings and the inventory that they name are given with the
// paths of this machine, in copies that live as long as the run. Launcher and program are the router's own bytes.

import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { syslogCommand } from '../syslog-command.ts';
import type { ScriptRouter } from './run-script.ts';

export interface HostScript {
  /** The script's path on this machine. */
  readonly script: string;
  readonly content: Buffer;
  readonly node: string;
  readonly settings: readonly string[];
}

/** Calls `run` with the path of a script that finds everything. */
export async function withHostPaths<T>(router: ScriptRouter, given: HostScript, run: (file: string) => Promise<T>): Promise<T> {
  const name = basename(given.script, '.py');
  const folder = join(dirname(given.script), `.${name}.${randomBytes(6).toString('hex')}`);
  await mkdir(folder, { mode: 0o755 });
  let inventory: string | undefined;
  try {
    const lines = await settingsOf(given.script, given.settings);
    const hosts = lines.map(([word, value]): [string, string] => [word, word === 'artifact' || word === 'inventory' ? hostPath(router.root, value) : value]);
    const named = hosts.find(([word]) => word === 'inventory');
    if (named !== undefined) inventory = named[1] = await inventoryOfHost(named[1], router);
    if (!hosts.some(([word]) => word === 'node')) hosts.push(['node', given.node]);
    await writeFile(join(folder, `${name}.conf`), hosts.map((line) => `${line.join(' ')}\n`).join(''), { mode: 0o644 });
    await writeFile(join(folder, basename(given.script)), given.content, { mode: 0o755 });
    return await run(join(folder, basename(given.script)));
  } finally {
    await rm(folder, { recursive: true, force: true });
    if (inventory !== undefined) await rm(inventory, { force: true });
  }
}

async function settingsOf(script: string, more: readonly string[]): Promise<[string, string][]> {
  const text = await readFile(script.replace(/\.py$/, '.conf'), 'utf8').catch(() => '');
  const lines = [...text.split('\n'), ...more].filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return lines.map((line): [string, string] => {
    const [word = '', ...rest] = line.trim().split(/\s+/);
    return [word, rest.join(' ')];
  });
}

/** A path that is not the router's is one of this machine already. */
function hostPath(root: string, path: string): string {
  return existsSync(join(root, path)) ? join(root, path) : path;
}

/** A copy beside the inventory whose ways to mgd and to syslog are this router's; files that it names are relative and stay. */
async function inventoryOfHost(file: string, { cliPath, root }: ScriptRouter): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return file;
  const inventory = JSON.parse(text) as { system?: { netconf?: object; alarms?: object } };
  const own = { netconf: { mgd_command: [cliPath, 'xml-mode', 'netconf', 'need-trailer'] }, alarms: { command: syslogCommand(join(root, 'var/log/messages')) } };
  const system = { ...inventory.system, netconf: { ...inventory.system?.netconf, ...own.netconf }, alarms: { ...inventory.system?.alarms, ...own.alarms } };
  const copy = join(dirname(file), `.inventory.${randomBytes(6).toString('hex')}.json`);
  await writeFile(copy, JSON.stringify({ ...inventory, system }), { mode: 0o600 });
  const { uid, gid } = await stat(file);
  await chown(copy, uid, gid);
  return copy;
}
