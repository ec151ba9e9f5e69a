// Where the CA that signs client certificates comes from: made on this machine, or fetched over SCP from the CA server
// of the inventory. A fetched key stays in memory; its certificate is remembered beside the clients'. One look serves all
// devices of a run. The key is fetched only when something has to be signed; whether the CA has changed is seen from its
// certificate alone.

import type { X509Certificate } from 'node:crypto';
import { authorityFiles, authorityOf, checkAuthority, rememberAuthorities } from '../certificates/authority-files.ts';
import { type Authorities, generatedAuthorities } from '../certificates/generated-authority.ts';
import type { PairFiles } from '../certificates/pair-files.ts';
import type { Clock } from '../clock.ts';
import { asQkdError, type ErrorCode, inStep, QkdError, within } from '../errors.ts';
import type { CaServer, Inventory } from '../inventory/inventory.ts';
import type { Log } from '../log.ts';
import { pemCertificates, pemPrivateKey } from '../pem.ts';

/** A CA certificate with its chain, or a key, is a few KiB. */
const MAX_BYTES = 256 * 1024;

export interface AuthorityWorld {
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  /** A new CA although the present one would do. */
  readonly force?: boolean;
}

export interface SigningAuthorities {
  /** The CAs, made or fetched at the first call. */
  readonly get: () => Promise<Authorities>;
  /** The CA's certificate on the CA server, asked for at the first call, or why it cannot be had; undefined: the CA is made here. */
  readonly onServer: (() => Promise<X509Certificate | QkdError>) | undefined;
}

/** Undefined when the inventory leaves certificates to the operator. Nothing is made or fetched yet. */
export function signingAuthorities(inventory: Inventory, world: AuthorityWorld): SigningAuthorities | undefined {
  const { caServer } = inventory;
  if (caServer === undefined || (!caServer.fetch && !caServer.generate)) return undefined;
  const once = <T>(get: () => Promise<T>): (() => Promise<T>) => {
    let found: Promise<T> | undefined;
    return () => (found ??= get());
  };
  return {
    get: once(() => inStep('CA', () => (caServer.fetch ? fetched(inventory, caServer, world) : generated(inventory, caServer, world)))),
    onServer: caServer.fetch ? once(() => certificateOnServer(inventory, caServer, world)) : undefined,
  };
}

/** Whether the CA is made on this machine: then it is this program's to change. */
export function generatesAuthority({ caServer }: Inventory): boolean {
  return caServer !== undefined && caServer.generate && !caServer.fetch;
}

function generated(inventory: Inventory, { commonName }: CaServer, { clock, log, force = false }: AuthorityWorld): Promise<Authorities> {
  return generatedAuthorities(inventory.paths.certificates, { commonName, settings: inventory.system.certificates, now: clock.now(), force, log });
}

/** The files on the CA server, and what they are called in messages. */
function filesOnServer({ address = '', path = '', certificateName = '', keyName = '' }: CaServer): { files: readonly [string, string]; place: PairFiles } {
  const folder = path.replace(/\/+$/, '');
  const files = [`${folder}/${certificateName}`, `${folder}/${keyName}`] as const;
  return { files, place: { certificateFile: `${files[0]} on ${address}`, keyFile: `${files[1]} on ${address}` } };
}

async function certificateOnServer(inventory: Inventory, caServer: CaServer, { clock, log }: AuthorityWorld): Promise<X509Certificate | QkdError> {
  const { files, place } = filesOnServer(caServer);
  try {
    // One attempt: nothing depends on the answer today, and the next check asks again.
    const [text] = await readFromServer(inventory, caServer, { log, files: [files[0]], attempts: 1 }).catch(ofCaServer);
    const [certificate] = pemCertificates(place.certificateFile, text as Buffer) as [X509Certificate];
    checkAuthority(place, certificate, clock.now());
    return certificate;
  } catch (cause) {
    const error = within('CA', asQkdError('fetch', cause));
    log.write('WARNING', 'certificates', `cannot see whether the CA has changed: ${error.message}`, { code: error.code });
    return error;
  }
}

async function fetched(inventory: Inventory, caServer: CaServer, { clock, log }: AuthorityWorld): Promise<Authorities> {
  const { address = '' } = caServer;
  const { files, place } = filesOnServer(caServer);
  const [certificateText, keyText] = await readFromServer(inventory, caServer, { log, files }).catch(ofCaServer);
  try {
    const certificates = pemCertificates(place.certificateFile, certificateText as Buffer);
    const authority = authorityOf(place, certificates, pemPrivateKey(place.keyFile, keyText as Buffer), clock.now());
    if (await rememberAuthorities(inventory.paths.certificates, certificates, clock.now())) {
      log.write('NOTICE', 'certificates', 'CA certificate fetched', { from: address, file: authorityFiles(inventory.paths.certificates).certificateFile });
    }
    return [authority];
  } finally {
    keyText?.fill(0);
  }
}

/** What to do about a failed connection is said of routers where it comes from (ssh/). */
const HINTS: Partial<Record<ErrorCode, string>> = {
  'ssh-unreachable': 'check ca_server_ip and ca_port, the route, and the SSH server there',
  'ssh-host-key': 'find out why the key differs; if the CA server has a new one, change ca_host_key',
  'ssh-authentication': 'check ca_user, ca_private_key_file and ca_pass against the CA server',
  scp: 'check ca_path, ca_cert_name and ca_key_name, and that ca_user may read both files',
};

function ofCaServer(cause: unknown): never {
  const error = asQkdError('CA server', cause);
  throw new QkdError(error.code, error.message.replaceAll('the router', 'the CA server'), { hint: HINTS[error.code] ?? error.hint, cause: error.cause });
}

async function readFromServer(inventory: Inventory, caServer: CaServer, { log, files, attempts = inventory.system.ssh.attempts }: { log: Log; files: readonly string[]; attempts?: number }): Promise<Buffer[]> {
  const { connectSsh } = await import('../ssh/connect.ts');
  const { scpGet } = await import('../ssh/scp-get.ts');
  const { address = '', port, hostKeys, user = '', password } = caServer;
  // Without a login of its own the CA server takes that of the routers.
  const own = caServer.privateKeyFile ?? (password === undefined ? inventory.login.privateKeyFile : undefined);
  const login = own === undefined ? {} : { privateKey: { file: own }, passphrase: caServer.privateKeyFile === undefined ? inventory.login.passphrase : undefined };
  const connection = await connectSsh({ addresses: [address], port, username: user, password, hostKeys, ...login }, { ...inventory.system.ssh, attempts }, { log });
  try {
    const contents: Buffer[] = [];
    for (const file of files) contents.push((await scpGet(connection, file, { maxBytes: MAX_BYTES, timeoutSeconds: inventory.system.ssh.timeout })).content);
    return contents;
  } finally {
    connection.close();
  }
}
