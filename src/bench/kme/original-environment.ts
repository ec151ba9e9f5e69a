// The environment block and the certificate names of the original's configuration, for the ETSI-014 reference
// implementation: whoever has that program can start it in place of a bench KME, at the same port, with the same
// certificates. It needs TLS_ROOT_CRT to hold the CA of the SAEs, and since it uses rustls reads no further than that
// file's first certificate; the original's scripts use the same file for the CA of the KMEs: root.crt holds both, in that order.

import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../../atomic-file.ts';
import type { PairFiles, Pki } from '../pki/pki.ts';

/** The database of the key store, in the original's parts. */
export interface Database {
  readonly host: string;
  readonly port: string;
  readonly user: string;
  readonly password: string;
  readonly name: string;
}

/** The original's own values, on this machine. */
const USUAL: Database = { host: '127.0.0.1', port: '5432', user: 'db_user', password: 'db_password', name: 'key_store' };

/** `DATABASE_URL`, or what its parts make; undefined when neither is set. */
export function databaseUrl(environment: NodeJS.ProcessEnv): string | undefined {
  const { DATABASE_URL: url, DATABASE_HOST: host } = environment;
  if (url !== undefined && url !== '') return url;
  if (host === undefined || host === '') return undefined;
  const { DATABASE_PORT: port = USUAL.port, DATABASE_USER: user = USUAL.user, DATABASE_PASSWORD: password = '' } = environment;
  const login = password === '' ? encodeURIComponent(user) : `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  return `postgres://${login}@${host}:${port}/${USUAL.name}`;
}

/** The parts of a database URL; the original's without one, or when it is none. */
export function databaseOf(url: string | undefined): Database {
  if (url === undefined || !URL.canParse(url)) return USUAL;
  const { hostname, port, username, password, pathname } = new URL(url);
  return { host: hostname || USUAL.host, port: port || USUAL.port, user: decodeURIComponent(username), password: decodeURIComponent(password), name: pathname.slice(1) || USUAL.name };
}

/** `kme_001`, `kme_002`, ... */
export function originalName(index: number): string {
  return `kme_${String(index + 1).padStart(3, '0')}`;
}

/** Writes the KMEs' certificates under the original's names, and root.crt, into `folder`. */
export async function writeOriginalNames(folder: string, kmes: readonly PairFiles[], { clientCa, kmeCa }: Pick<Pki, 'clientCa' | 'kmeCa'>): Promise<void> {
  for (const [index, { certificateFile, keyFile }] of kmes.entries()) {
    await copyFile(certificateFile, join(folder, `${originalName(index)}.crt`));
    // Not copied: a copy has the mode of the umask for a moment.
    await writeFile(join(folder, `${originalName(index)}.key`), await readFile(keyFile), { mode: 0o600 });
  }
  const cas = await Promise.all([clientCa, kmeCa].map(({ certificateFile }) => readFile(certificateFile, 'utf8')));
  await writeFile(join(folder, 'root.crt'), cas.join(''), { mode: 0o644 });
}

export interface KmePlace {
  readonly host: string;
  readonly port: number;
}

/** Writes kme.env for the first KME, kme_002.env for the second and so on, 0600; resolves to the files. `certificates` was filled by `writeOriginalNames`. */
export async function writeEnvironments(folder: string, { certificates, kmes, database }: { certificates: string; kmes: readonly KmePlace[]; database: Database }): Promise<string[]> {
  const files = kmes.map((_, index) => join(folder, index === 0 ? 'kme.env' : `${originalName(index)}.env`));
  for (const [index, place] of kmes.entries()) {
    await writeFileAtomically(files[index] as string, environmentBlock({ folder, certificates, index, place, database }), 0o600);
  }
  return files;
}

/** As a shell reads it: `set -a; . ./kme.env`. */
export function environmentBlock({ folder, certificates, index, place, database }: { folder: string; certificates: string; index: number; place: KmePlace; database: Database }): string {
  const { host, port, user, password, name } = database;
  const url = `postgres://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}:${port}/${name}`;
  const own = join(certificates, originalName(index));
  const lines: [string, string][] = [
    ['CUR_DIR', folder], ['OFFBOX_CERTS_DIR', certificates], ['CERTS_DIR', certificates], ['CA_CERT', join(certificates, 'root.crt')],
    ['DATABASE_HOST', host], ['DATABASE_PORT', port], ['DATABASE_USER', user], ['DATABASE_PASSWORD', password], ['DATABASE_URL', url],
    ['SQLX_OFFLINE', 'true'],
    ['ETSI_014_REF_IMPL_IP_ADDR', place.host], ['ETSI_014_REF_IMPL_PORT_NUM', String(place.port)], ['ETSI_014_REF_IMPL_DB_URL', url],
    ['ETSI_014_REF_IMPL_TLS_CERT', `${own}.crt`], ['ETSI_014_REF_IMPL_TLS_PRIVATE_KEY', `${own}.key`], ['ETSI_014_REF_IMPL_TLS_ROOT_CRT', join(certificates, 'root.crt')],
    ['ETSI_014_REF_IMPL_NUM_WORKER_THREADS', '2'],
  ];
  const head = '# Starts the ETSI-014 reference implementation in place of a bench KME, once that one has let go of its port:\n# set -a; . ./kme.env; set +a; then the program, with its tables in the database.\n';
  return `${head}${lines.map(([variable, value]) => `${variable}=${shellQuoted(value)}\n`).join('')}`;
}

/** A word as a shell reads it back. */
export function shellQuoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
