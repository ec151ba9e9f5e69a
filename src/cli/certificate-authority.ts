// Where the CA that signs client certificates comes from: made on this machine, or fetched over SCP from the CA server
// of the inventory. A fetched key stays in memory; its certificate is remembered beside the clients'. One look serves all
// devices of a run, and a CA server is asked only when something has to be signed.

import { authorityFiles, authorityOf, rememberAuthorities } from '../certificates/authority-files.ts';
import { type Authorities, generatedAuthorities } from '../certificates/generated-authority.ts';
import type { Clock } from '../clock.ts';
import { asQkdError, type ErrorCode, inStep, QkdError } from '../errors.ts';
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

/** Gives the CAs, made or fetched at the first call; undefined when the inventory leaves certificates to the operator. */
export function signingAuthorities(inventory: Inventory, world: AuthorityWorld): (() => Promise<Authorities>) | undefined {
  const { caServer } = inventory;
  if (caServer === undefined || (!caServer.fetch && !caServer.generate)) return undefined;
  let found: Promise<Authorities> | undefined;
  const get = (): Promise<Authorities> => inStep('CA', () => (caServer.fetch ? fetched(inventory, caServer, world) : generated(inventory, caServer, world)));
  return () => (found ??= get());
}

/** Whether the CA is made on this machine: then it is this program's to change. */
export function generatesAuthority({ caServer }: Inventory): boolean {
  return caServer !== undefined && caServer.generate && !caServer.fetch;
}

function generated(inventory: Inventory, { commonName }: CaServer, { clock, log, force = false }: AuthorityWorld): Promise<Authorities> {
  return generatedAuthorities(inventory.paths.certificates, { commonName, settings: inventory.system.certificates, now: clock.now(), force, log });
}

async function fetched(inventory: Inventory, caServer: CaServer, { clock, log }: AuthorityWorld): Promise<Authorities> {
  const { address = '', path = '', certificateName = '', keyName = '' } = caServer;
  const folder = path.replace(/\/+$/, '');
  const place = { certificateFile: `${folder}/${certificateName} on ${address}`, keyFile: `${folder}/${keyName} on ${address}` };
  const [certificateText, keyText] = await readFromServer(inventory, caServer, { log, files: [`${folder}/${certificateName}`, `${folder}/${keyName}`] }).catch(ofCaServer);
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

async function readFromServer(inventory: Inventory, caServer: CaServer, { log, files }: { log: Log; files: readonly string[] }): Promise<Buffer[]> {
  const { connectSsh } = await import('../ssh/connect.ts');
  const { scpGet } = await import('../ssh/scp-get.ts');
  const { address = '', port, hostKeys, user = '', password } = caServer;
  // Without a login of its own the CA server takes that of the routers.
  const own = caServer.privateKeyFile ?? (password === undefined ? inventory.login.privateKeyFile : undefined);
  const login = own === undefined ? {} : { privateKey: { file: own }, passphrase: caServer.privateKeyFile === undefined ? inventory.login.passphrase : undefined };
  const connection = await connectSsh({ addresses: [address], port, username: user, password, hostKeys, ...login }, inventory.system.ssh, { log });
  try {
    const contents: Buffer[] = [];
    for (const file of files) contents.push((await scpGet(connection, file, { maxBytes: MAX_BYTES, timeoutSeconds: inventory.system.ssh.timeout })).content);
    return contents;
  } finally {
    connection.close();
  }
}
