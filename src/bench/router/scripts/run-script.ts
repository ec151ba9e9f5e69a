// Runs a Python op or event script of the router as mgd and eventd do: only one that is configured and whose checksum
// fits, with the arguments as `--name value`, a small environment, the data limit of max-datasize, and its output
// gathered. The script is the router's own file; where its settings (a .conf beside it) name files of the
// router, they are given as this machine knows them.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { at, childrenOf, textAt, type XmlElement } from '../../../xml.ts';
import { withHostPaths } from './host-paths.ts';
import type { UnixUser } from './unix-user.ts';

export type ScriptKind = 'op' | 'event';

export interface ScriptRouter {
  /** Root of the router's files, on this machine. */
  readonly root: string;
  /** Program that stands for /usr/sbin/cli. */
  readonly cliPath: string;
  readonly mgd: { committed(): XmlElement };
}

export interface ScriptRun {
  /** File name below /var/db/scripts/<kind>. */
  readonly file: string;
  readonly arguments: readonly (readonly [string, string])[];
  /** Older releases write one hyphen; two unless told. */
  readonly hyphens?: '-' | '--';
  /** Node to run the program with, for settings that name none; this process's own unless told. */
  readonly node?: string;
  /** More lines for the settings, as an operator may write them. */
  readonly settings?: readonly string[];
  /** Seconds until it is killed; 180 unless told. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
  /** User of this machine that stands for the router's; needs root. This process's own unless told. */
  readonly as?: UnixUser;
  /** PATH alone unless told. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Octal; this process's own unless told. */
  readonly umask?: string;
}

export interface ScriptEnd {
  readonly status: number | null;
  readonly standardOutput: string;
  readonly standardError: string;
}

/** Why the router does not start the script, in its words. */
export class ScriptRefused extends Error {}

const PYTHON = '/usr/bin/python3';
/** Junos's default for a script's data segment, where memory is not less. */
const USUAL_DATA = '128m';

/** Runs the script to its end. Rejects with ScriptRefused when the router would not start it. */
export async function runScript(router: ScriptRouter, kind: ScriptKind, run: ScriptRun): Promise<ScriptEnd> {
  const scripts = at(router.mgd.committed(), kind === 'op' ? 'system/scripts/op' : 'event-options/event-script');
  const entry = childrenOf(scripts, 'file').find((file) => textAt(file, 'name') === run.file);
  if (entry === undefined) throw new ScriptRefused(`${kind} script ${run.file} is not configured`);
  const script = join(router.root, 'var/db/scripts', kind, run.file);
  const content = await readFile(script).catch(() => undefined);
  if (content === undefined) throw new ScriptRefused(`${kind} script missing : '/var/db/scripts/${kind}/${run.file}'`);
  const checksum = textAt(entry, 'checksum/sha-256');
  if (checksum !== undefined && checksum !== createHash('sha256').update(content).digest('hex')) throw new ScriptRefused(`checksum mismatch for ${kind} script ${run.file}`);
  const words = run.arguments.flatMap(([name, value]) => [`${run.hyphens ?? '--'}${name}`, value]);
  return withHostPaths(router, { script, content, node: run.node ?? process.execPath, settings: run.settings ?? [] }, (file) =>
    ended([PYTHON, file, ...words], { ...run, kilobytes: kilobytes(textAt(scripts, 'max-datasize') ?? USUAL_DATA) }),
  );
}

/** "128m" as `ulimit -d` wants it. */
function kilobytes(size: string): number {
  const [, number = '0', unit = ''] = /^(\d+)([kmg]?)$/i.exec(size) ?? [];
  return Math.floor((Number(number) * ({ k: 1024, m: 1024 ** 2, g: 1024 ** 3 }[unit.toLowerCase()] ?? 1)) / 1024);
}

type Surroundings = Pick<ScriptRun, 'limit' | 'signal' | 'as' | 'environment' | 'umask'> & { readonly kilobytes: number };

function ended(argv: readonly string[], { kilobytes: data, limit = 180, signal, as, environment, umask }: Surroundings): Promise<ScriptEnd> {
  const limited = ['-c', `${umask === undefined ? '' : `umask ${umask} && `}ulimit -d ${data} && exec "$@"`, 'sh', ...argv];
  const user = as === undefined ? {} : { uid: as.uid, gid: as.gid };
  const child = spawn('/bin/sh', limited, { cwd: '/', env: environment ?? { PATH: '/usr/bin:/bin' }, stdio: ['ignore', 'pipe', 'pipe'], ...user });
  const kill = (): void => void child.kill('SIGKILL');
  const timer = setTimeout(kill, limit * 1000);
  signal?.addEventListener('abort', kill);
  let [standardOutput, standardError] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (standardOutput += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (standardError += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, standardOutput, standardError }));
  }).finally(() => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', kill);
  }) as Promise<ScriptEnd>;
}
