// The command line of KMEs that run on their own: one or a pair until a signal ends them, certificates only, or faults
// of those that run. scripts/kme.ts runs it as a process. For those who test their SAE software with the bench's KMEs.

import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { faultHelp } from '../fault-fields.ts';
import { askSocket } from '../faults-socket.ts';
import { KME_FAULTS } from './fault-kinds.ts';
import { certificatesFor, KmeUsageError, prepareKmeFolder, type WantedKme } from './kme-folder.ts';
import { databaseUrl } from './original-environment.ts';
import { PROFILE_NAMES, PROFILES, type ProfileName } from './profiles.ts';
import { refuseSecond, type ServeOptions, serveKmes } from './serve-kmes.ts';

const HELP = `usage: scripts/kme --dir DIR [options]                    serve until SIGTERM or ^C
       scripts/kme pki --dir DIR [options]                make the certificates only
       scripts/kme fault --dir DIR NAME JSON              switch a fault of a KME on
       scripts/kme fault --dir DIR NAME list              those that are on, with their numbers
       scripts/kme fault --dir DIR NAME clear [N]         switch one off, or all
       scripts/kme fault --help                           the faults there are

Serves ETSI GS QKD 014 V1.1.1 over mutual TLS. An SAE is known by the common name of its client certificate. DIR gets the
certificates (DIR/pki, kept for the next time), kme.json (where the KMEs are), kme.env (see below) and a control socket.

  --dir DIR                  folder; empty, new, or of an earlier time
  --kme NAME[=PORT]          a KME; twice: a pair; default kme1 and kme2, any free port
  --sae NAME=SAE[,SAE...]    SAEs of a KME; default kme1=sae-1, kme2=sae-2
  --host ADDRESS             where to listen; default 127.0.0.1
  --name NAME                one more name or address in the KMEs' certificates; repeatable
  --pki DIR                  certificates in place of new ones: kme_001.crt, kme_001.key (or NAME.crt, NAME.key), root.crt
  --profile PROFILE          which KME to behave like, see below; default strict
  --stock N                  keys in stock at the start; without end unless told
  --fill-rate N              keys a second that QKD adds to the stock; default 0; may have a fraction
  --capacity N               most keys in stock; default 100000
  --retention SECONDS        how long a key waits for its slaves; default 3600
  --propagation-delay MS     until the other KME knows a key; default 0
  --max-sae-ids N            additional_slave_SAE_IDs of one request; default as the profile
  --insecure-seed TEXT       keys that follow from TEXT, for tests of other programs; never for anything else
  --quiet                    no line for each request

Keys are in memory, or in PostgreSQL when DATABASE_URL (or DATABASE_HOST, DATABASE_PORT, DATABASE_USER, DATABASE_PASSWORD
for a database key_store) is set: tables are made at start, KMEs of several processes on one database are one group.
Make certificates for all of them first (scripts/kme pki), and give them to each with --pki.

kme.env, kme_002.env: the original's environment block (ETSI_014_REF_IMPL_*, DATABASE_*), with which the ETSI-014
reference implementation starts in place of the first and the second KME. scripts/bench --kme URL,URL --pki DIR/pki then
rotates keys with it; the routers of the bench are SAEs mx1, mx2, ...

profiles:
${PROFILE_NAMES.map((name) => `  ${name.padEnd(12)} ${PROFILES[name].about}\n`).join('')}`;

const FAULT_HELP = `usage: scripts/kme fault --dir DIR NAME '{"kind": KIND, FIELD: VALUE, ...}'
Fields in brackets may be left out. Every fault lasts until it is cleared; "times": N switches it off after N requests,
where a fault is about requests. "call": status|enc_keys|dec_keys limits such a fault to one call.

${faultHelp(KME_FAULTS).map((line) => `  ${line}\n`).join('')}`;

const OPTIONS = {
  dir: { type: 'string' },
  kme: { type: 'string', multiple: true },
  sae: { type: 'string', multiple: true },
  host: { type: 'string' },
  name: { type: 'string', multiple: true },
  pki: { type: 'string' },
  profile: { type: 'string' },
  stock: { type: 'string' },
  'fill-rate': { type: 'string' },
  capacity: { type: 'string' },
  retention: { type: 'string' },
  'propagation-delay': { type: 'string' },
  'max-sae-ids': { type: 'string' },
  'insecure-seed': { type: 'string' },
  quiet: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** What the command line needs of the process it runs in. */
export interface KmeProcess {
  readonly environment: NodeJS.ProcessEnv;
  /** Ends the KMEs; nothing but the certificates is left behind. */
  readonly signal: AbortSignal;
  readonly print: (text: string) => void;
  /** Access log and warnings. */
  readonly warn: (text: string) => void;
}

type Values = ReturnType<typeof readArguments>['values'];

/** Carries out one command line; resolves to the exit status. Rejects with KmeUsageError for status 2, any other error for 1. */
export async function kmeCommand(argv: readonly string[], own: KmeProcess): Promise<number> {
  const { values, positionals } = readArguments(argv);
  const [name = 'serve', ...words] = positionals;
  if (values.help) own.print(name === 'fault' ? FAULT_HELP : HELP);
  else if (name === 'fault') await fault(values, words, own);
  else if ((name === 'serve' && positionals.length === 0) || (name === 'pki' && words.length === 0)) await (name === 'pki' ? pki(values, own) : serve(values, own));
  else throw new KmeUsageError(`unexpected argument ${JSON.stringify(name === 'pki' ? words[0] : name)}; scripts/kme --help`);
  return 0;
}

function readArguments(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options: OPTIONS });
  } catch (error) {
    throw new KmeUsageError((error as Error).message.split('\n')[0]);
  }
}

async function pki(values: Values, own: KmeProcess): Promise<void> {
  const foreign = (Object.keys(values) as (keyof Values)[]).find((option) => !['dir', 'kme', 'sae', 'name'].includes(option));
  if (foreign !== undefined) throw new KmeUsageError(`--${foreign} does not go with pki`);
  const folder = folderOf(values);
  const kmes = wantedKmes(values);
  prepareKmeFolder(folder);
  const { folder: made, areNew } = await certificatesFor(kmes, { folder, pki: undefined, names: namesOf(values) });
  own.print(`${areNew ? 'certificates are in' : 'certificates were there already:'} ${made}\n`);
}

async function serve(values: Values, own: KmeProcess): Promise<void> {
  const folder = folderOf(values);
  const kmes = wantedKmes(values);
  const options = serveOptions(values, own.environment);
  prepareKmeFolder(folder);
  await refuseSecond(folder);
  const certificates = await certificatesFor(kmes, { folder, pki: values.pki === undefined ? undefined : resolve(values.pki), names: namesOf(values) });
  await serveKmes({ ...options, folder, certificates }, own);
}

function serveOptions(values: Values, environment: NodeJS.ProcessEnv): Omit<ServeOptions, 'folder' | 'certificates'> {
  const url = databaseUrl(environment);
  const seed = values['insecure-seed'];
  if (seed !== undefined && url !== undefined) throw new KmeUsageError('--insecure-seed does not go with a database: its keys would come again after a start');
  if (values.host !== undefined && isIP(values.host) === 0) throw new KmeUsageError(`--host ${JSON.stringify(values.host)} is not an IP address`);
  const [stock, fillRate, capacity] = [amount('--stock', values.stock), amount('--fill-rate', values['fill-rate']), amount('--capacity', values.capacity)];
  const maxSaeIdCount = amount('--max-sae-ids', values['max-sae-ids']);
  return {
    host: values.host ?? '127.0.0.1',
    profile: profileOf(values.profile ?? 'strict'),
    limits: maxSaeIdCount === undefined ? {} : { maxSaeIdCount },
    retention: amount('--retention', values.retention) ?? 3600,
    propagationDelay: amount('--propagation-delay', values['propagation-delay']) ?? 0,
    stock: { ...(stock === undefined ? {} : { stock }), ...(fillRate === undefined ? {} : { fillRate }), ...(capacity === undefined ? {} : { capacity }) },
    isQuiet: values.quiet === true,
    ...(seed === undefined ? {} : { seed }),
    ...(url === undefined ? {} : { databaseUrl: url }),
  };
}

function profileOf(name: string): ProfileName {
  const found = PROFILE_NAMES.find((one) => one === name);
  if (found === undefined) throw new KmeUsageError(`--profile ${JSON.stringify(name)} is not one of ${PROFILE_NAMES.join(', ')}`);
  return found;
}

/** A number that is not negative; undefined when the option is not given. */
function amount(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const whole = option === '--fill-rate' ? /^\d{1,9}(?:\.\d{1,6})?$/ : /^\d{1,9}$/;
  if (!whole.test(text)) throw new KmeUsageError(`${option} ${JSON.stringify(text)} is not a ${option === '--fill-rate' ? '' : 'whole '}number`);
  return Number(text);
}

function namesOf(values: Values): string[] {
  const names = values.name ?? [];
  const wrong = names.find((name) => isIP(name) === 0 && !/^(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(name));
  if (wrong !== undefined) throw new KmeUsageError(`--name ${JSON.stringify(wrong)} is neither a host name nor an IP address`);
  return [...names, ...(values.host === undefined ? [] : [values.host])];
}

/** The KMEs of the command line, with ports and SAEs. */
function wantedKmes(values: Values): WantedKme[] {
  const named = (values.kme ?? ['kme1', 'kme2']).map((text) => {
    const [, name, port = '0'] = /^([A-Za-z0-9][\w.-]{0,62})(?:=(\d{1,5}))?$/.exec(text) ?? [];
    if (name === undefined || Number(port) > 65_535) throw new KmeUsageError(`--kme ${JSON.stringify(text)} is not NAME or NAME=PORT`);
    return { name, port: Number(port) };
  });
  const names = named.map(({ name }) => name);
  if (new Set(names).size < names.length) throw new KmeUsageError('--kme names one KME twice');
  if (named.length > 2) throw new KmeUsageError('--kme is for one KME or a pair');
  const saes = new Map<string, string[]>();
  for (const text of values.sae ?? names.map((name, index) => `${name}=sae-${index + 1}`)) {
    const [, name = '', list = ''] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    const ids = list.split(',');
    if (!names.includes(name) || ids.some((id) => id.trim() === '' || id.length > 64)) throw new KmeUsageError(`--sae ${JSON.stringify(text)} is not NAME=SAE,SAE for one of ${names.join(', ')}`);
    saes.set(name, [...(saes.get(name) ?? []), ...ids]);
  }
  const all = [...saes.values()].flat();
  const twice = all.find((id, index) => all.indexOf(id) !== index);
  if (twice !== undefined) throw new KmeUsageError(`--sae names ${JSON.stringify(twice)} twice; an SAE is served by one KME`);
  return named.map((kme) => ({ ...kme, saeIds: saes.get(kme.name) ?? [] }));
}

async function fault(values: Values, [target, what, ...more]: readonly string[], own: KmeProcess): Promise<void> {
  if (target === undefined || what === undefined) throw new KmeUsageError('fault needs NAME and one of JSON, list, clear; scripts/kme fault --help');
  const [number, extra] = what === 'clear' ? more : [undefined, more[0]];
  if (extra !== undefined) throw new KmeUsageError(`unexpected argument ${JSON.stringify(extra)}`);
  const id = amount('fault', number);
  const command = what === 'list' ? { list: true } : what === 'clear' ? { clear: id ?? 'all' } : { set: jsonOf(what) };
  const folder = folderOf(values);
  const answer = await askSocket(controlOf(folder), { target, ...command }).catch((error: Error) => {
    throw new KmeUsageError(`no KME runs in ${folder}: ${error.message}`);
  });
  if (!answer.ok) throw new KmeUsageError(answer.error);
  if (answer.faults !== undefined) own.print(answer.faults.map((one) => `${JSON.stringify(one)}\n`).join(''));
  else own.print(answer.id === undefined ? `${target}: ${id === undefined ? 'no faults' : `fault ${id} is off`}\n` : `${target}: fault ${answer.id} is on\n`);
}

/** The control socket of the KMEs in `folder`. Throws KmeUsageError. */
function controlOf(folder: string): string {
  try {
    return (JSON.parse(readFileSync(join(folder, 'kme.json'), 'utf8')) as { control: string }).control;
  } catch {
    throw new KmeUsageError(`no KME runs in ${folder}`);
  }
}

function folderOf({ dir }: Values): string {
  if (dir === undefined || dir === '') throw new KmeUsageError('--dir DIR is missing');
  return resolve(dir);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new KmeUsageError(`${JSON.stringify(text)} is not JSON, list or clear; scripts/kme fault --help`);
  }
}
