// A PostgreSQL server of its own for tests, in a temporary folder, on a loopback port, with a password; for root it
// runs as user postgres, because PostgreSQL refuses root.

import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const DEBIAN = '/usr/lib/postgresql';

/** Folder of initdb and pg_ctl; undefined where PostgreSQL is not installed. */
function programFolder(): string | undefined {
  const debian = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)).map((version) => join(DEBIAN, version, 'bin')) : [];
  return [...(process.env['PATH'] ?? '').split(delimiter), ...debian].find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'pg_ctl')));
}

/** On CI it has to be there: its absence then fails the test. */
export const HAS_POSTGRES = programFolder() !== undefined || process.env['CI'] !== undefined;

export interface TestPostgres {
  readonly url: string;
  readonly password: string;
  stop(): void;
}

/** Starts a server with database key_store and user db_user. */
export async function startPostgres(): Promise<TestPostgres> {
  const programs = programFolder();
  if (programs === undefined) throw new Error('PostgreSQL is not installed');
  const folder = mkdtempSync(join(tmpdir(), 'qkd-postgres-'));
  const run = (program: string, ...args: string[]): void => asServerUser(folder, join(programs, program), args);
  const cluster = join(folder, 'cluster');
  const password = randomBytes(12).toString('hex');
  writeFileSync(join(folder, 'password'), password, { mode: 0o644 });
  const port = await freePort();
  run('initdb', '--pgdata', cluster, '--username', 'db_user', '--pwfile', join(folder, 'password'), '--auth', 'scram-sha-256', '--no-sync', '--locale', 'C', '--encoding', 'UTF8');
  const settings = `-c listen_addresses=127.0.0.1 -c port=${port} -c unix_socket_directories=${folder} -c fsync=off -c max_connections=60`;
  run('pg_ctl', 'start', '--pgdata', cluster, '--wait', '--timeout', '60', '--log', join(folder, 'log'), '--options', settings);
  let stopped = false;
  const stop = (): void => {
    if (stopped) return;
    stopped = true;
    run('pg_ctl', 'stop', '--pgdata', cluster, '--mode', 'immediate', '--wait', '--timeout', '30');
    rmSync(folder, { recursive: true, force: true });
  };
  const at = (database: string): string => `postgres://db_user:${password}@127.0.0.1:${port}/${database}`;
  try {
    const { default: pg } = await import('pg');
    const client = new pg.Client({ connectionString: at('postgres') });
    await client.connect();
    await client.query('CREATE DATABASE key_store');
    await client.end();
  } catch (error) {
    stop();
    throw error;
  }
  return { url: at('key_store'), password, stop };
}

function asServerUser(folder: string, program: string, args: readonly string[]): void {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) {
    const idOf = (which: string): number => Number(spawnSync('id', [which, 'postgres'], { encoding: 'utf8' }).stdout);
    chownSync(folder, idOf('-u'), idOf('-g'));
  }
  const [command, ...words] = isRoot ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', '--', program, ...args] : [program, ...args];
  const { status, stderr, stdout } = spawnSync(command as string, words, { encoding: 'utf8', cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], timeout: 90_000 });
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}${stdout}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
