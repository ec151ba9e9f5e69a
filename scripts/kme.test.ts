// KMEs on their own, as processes and as a command line: what they refuse, how they are found, asked by foreign clients
// and ended; a pair of processes on one PostgreSQL database; and the bench's main job against KMEs that run elsewhere.

import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { makeArtifact } from '../build/artifact.ts';
import { kmeCommand } from '../src/bench/kme/kme-command.ts';
import { KmeUsageError } from '../src/bench/kme/kme-folder.ts';
import { HAS_POSTGRES, startPostgres, type TestPostgres } from '../src/bench/kme/test-postgres.ts';
import { benchCommand } from '../src/bench/lab/bench-command.ts';
import { UsageError } from '../src/bench/lab/left-running.ts';
import { isLeftOut, runProgram } from '../src/bench/router/clients/outside-program.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SELF = ['--import', join(ROOT, 'node_modules/tsx/dist/loader.mjs'), join(ROOT, 'scripts/kme.ts')];
const folder = mkdtempSync(join(tmpdir(), "qkd kme's-"));
const running: ChildProcess[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((child) => ended(child)));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Kmes {
  readonly child: ChildProcess;
  readonly dir: string;
  /** Standard output and error so far. */
  readonly said: () => string;
  readonly urls: readonly string[];
}

/** Starts KMEs as a process; resolves when they listen. */
async function start(dir: string, argv: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Kmes> {
  const { DATABASE_URL: _, DATABASE_HOST: __, ...clean } = process.env;
  const child = spawn(process.execPath, [...SELF, '--dir', dir, ...argv], { cwd: folder, env: { ...clean, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (more: string) => (text += more));
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (status) => reject(new Error(`ended with ${status}: ${text}`)));
    child.stdout.on('data', () => text.includes('reference implementation') && resolve());
  });
  const { kmes } = JSON.parse(readFileSync(join(dir, 'kme.json'), 'utf8')) as { kmes: { url: string }[] };
  return { child, dir, said: () => text, urls: kmes.map(({ url }) => url) };
}

async function ended(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode;
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill(signal);
  return exit;
}

/** The command line in this process: exit status and the one line of an error. */
async function command(...argv: string[]): Promise<{ status: number; output: string; error: string }> {
  let output = '';
  const own = { environment: {}, signal: AbortSignal.abort(), print: (text: string) => void (output += text), warn: () => undefined };
  try {
    return { status: await kmeCommand(argv, own), output, error: '' };
  } catch (error) {
    return { status: error instanceof KmeUsageError ? 2 : 1, output, error: (error as Error).message };
  }
}

describe('refusals: exit 2, one line', () => {
  writeFileSync(join(folder, 'file'), '');
  mkdirSync(join(folder, 'mine'));
  writeFileSync(join(folder, 'mine', 'letter'), '');
  mkdirSync(join(folder, 'certificates'));
  const dir = join(folder, 'refused');

  it.each<[string, string[], string]>([
    ['no folder', [], '--dir DIR is missing'],
    ['a file', ['--dir', join(folder, 'file')], 'cannot use'],
    ["somebody's folder", ['--dir', join(folder, 'mine')], 'holds other files (letter)'],
    ['an unknown command', ['up', '--dir', dir], 'unexpected argument "up"'],
    ['an unknown option', ['--dir', dir, '--port', '1'], "Unknown option '--port'"],
    ['a KME without a name', ['--dir', dir, '--kme', '=8443'], '--kme "=8443" is not NAME or NAME=PORT'],
    ['a port that is none', ['--dir', dir, '--kme', 'a=70000'], 'is not NAME or NAME=PORT'],
    ['three KMEs', ['--dir', dir, '--kme', 'a', '--kme', 'b', '--kme', 'c'], 'one KME or a pair'],
    ['one KME twice', ['--dir', dir, '--kme', 'a', '--kme', 'a'], 'names one KME twice'],
    ['SAEs of no KME', ['--dir', dir, '--sae', 'kme3=x'], '--sae "kme3=x" is not NAME=SAE,SAE for one of kme1, kme2'],
    ['an empty SAE', ['--dir', dir, '--sae', 'kme1=a,,b'], 'is not NAME=SAE,SAE'],
    ['an SAE twice', ['--dir', dir, '--sae', 'kme1=a', '--sae', 'kme2=a'], 'names "a" twice'],
    ['a profile that is none', ['--dir', dir, '--profile', 'toString'], 'is not one of strict, lenient, reference'],
    ['a stock that is no number', ['--dir', dir, '--stock', '-1'], "Option '--stock' argument is ambiguous"],
    ['a fill rate that is no number', ['--dir', dir, '--fill-rate', '1e9'], '--fill-rate "1e9" is not a number'],
    ['a host name to listen at', ['--dir', dir, '--host', 'localhost'], 'is not an IP address'],
    ['a name that no certificate can carry', ['--dir', dir, '--name', 'a b'], 'neither a host name nor an IP address'],
    ['certificates that are not there', ['--dir', dir, '--pki', join(folder, 'certificates')], 'root.crt: ENOENT'],
    ['an option that pki has no use for', ['pki', '--dir', dir, '--stock', '1'], '--stock does not go with pki'],
    ['a fault without a name', ['fault', '--dir', dir], 'fault needs NAME'],
    ['a fault without KMEs', ['fault', '--dir', dir, 'kme1', 'list'], 'no KME runs in'],
    ['a fault that is no JSON', ['fault', '--dir', dir, 'kme1', '{'], 'is not JSON, list or clear'],
  ])('%s', async (_name, argv, words) => {
    const { status, output, error } = await command(...argv);
    expect({ status, output }).toEqual({ status: 2, output: '' });
    expect(error).toContain(words);
    expect(error).not.toContain('\n');
  });

  it('predictable keys in a database', async () => {
    const own = { environment: { DATABASE_HOST: '127.0.0.1' }, signal: AbortSignal.abort(), print: () => undefined, warn: () => undefined };
    await expect(kmeCommand(['--dir', dir, '--insecure-seed', 'x'], own)).rejects.toThrow('--insecure-seed does not go with a database');
  });

  it('a database that cannot be reached: exit 1', async () => {
    const own = { environment: { DATABASE_URL: 'postgres://db_user:hidden@127.0.0.1:1/key_store' }, signal: AbortSignal.abort(), print: () => undefined, warn: () => undefined };
    await expect(kmeCommand(['--dir', join(folder, 'unreachable')], own)).rejects.toThrow(/^database key_store at 127\.0\.0\.1:1: connect ECONNREFUSED 127\.0\.0\.1:1$/);
  });
});

describe('refusals of the bench that is to use them: one line', () => {
  const urls = 'https://127.0.0.1:1,https://127.0.0.1:2';
  it.each<[string, string[], string]>([
    ['no certificates', ['--kme', urls], '--kme URL,URL and --pki DIR go together'],
    ['no KMEs', ['--pki', folder], '--kme URL,URL and --pki DIR go together'],
    ['one URL', ['--kme', 'https://127.0.0.1:1', '--pki', folder], 'is not https://HOST:PORT,https://HOST:PORT'],
    ['a folder without certificates', ['--kme', urls, '--pki', join(folder, 'none')], 'cannot read'],
    ['phases of more routers than there are certificates for', ['--phases', '--kme', urls, '--pki', folder], 'root.crt, and a certificate and key for each router'],
    ['crashes, which want KMEs of their own', ['--crashes', '--kme', urls, '--pki', folder], '--kme does not go with --crashes'],
    ['a bench that has its own', ['down', '--dir', folder, '--kme', urls], '--kme does not go with down'],
  ])('%s', async (_name, argv, words) => {
    const own = { artifact: 'none', self: [], signal: new AbortController().signal, print: () => undefined };
    const error = await benchCommand(argv, own).then(() => undefined, (reason: Error) => reason);
    expect(error).toBeInstanceOf(UsageError);
    expect(error?.message).toContain(words);
    expect(error?.message).not.toContain('\n');
  });
});

it('says how it is used', async () => {
  const { output } = await command('--help');
  for (const words of ['usage: scripts/kme --dir DIR', 'DATABASE_URL', 'kme_002.env', 'qukaydee']) expect(output).toContain(words);
  expect((await command('fault', '--help')).output).toContain('resumption-broken');
  expect(Math.max(...output.split('\n').map((line) => line.length))).toBeLessThanOrEqual(125);
});

describe('as a process', { timeout: 120_000 }, () => {
  it('serves a pair, takes faults, keeps its certificates, ends in good order', async () => {
    const dir = join(folder, 'pair');
    const kmes = await start(dir, ['--profile', 'strict', '--stock', '1']);
    for (const file of ['kme.json', 'kme.env', 'kme_002.env', 'pki/kme_001.key', 'pki/sae-1.key']) expect(statSync(join(dir, file)).mode & 0o777).toBe(0o600);
    expect((await command('--dir', dir)).error).toBe(`KMEs run in ${dir} already`);
    expect((await command('fault', '--dir', dir, 'kme1', '{"kind":"down"}')).output).toBe('kme1: fault 1 is on\n');
    expect((await command('fault', '--dir', dir, 'kme1', 'list')).output).toBe('{"id":1,"fault":{"kind":"down"}}\n');
    expect((await command('fault', '--dir', dir, 'kme1', 'clear', '1')).output).toBe('kme1: fault 1 is off\n');
    expect((await command('fault', '--dir', dir, 'kme1', 'clear', '1')).error).toBe('no fault 1');
    expect((await command('fault', '--dir', dir, 'kme9', 'list')).error).toBe('no KME "kme9" here: one of kme1, kme2');
    expect((await command('fault', '--dir', dir, 'kme1', '{"kind":"profile","name":"x"}')).error).toContain('name: one of strict');
    expect(await ended(kmes.child)).toBe(0);
    expect([existsSync(join(dir, 'kme.json')), existsSync(join(dir, 'pki/root.crt'))]).toEqual([false, true]);
    const certificate = readFileSync(join(dir, 'pki/kme1.crt'), 'utf8');
    const again = await start(dir, []);
    expect(readFileSync(join(dir, 'pki/kme1.crt'), 'utf8')).toBe(certificate);
    expect(await ended(again.child, 'SIGINT')).toBe(0);
  });

  it('says which port is taken', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    await expect(start(join(folder, 'taken'), ['--kme', `kme1=${port}`])).rejects.toThrow(`ended with 2: kme: kme1 cannot listen at 127.0.0.1 port ${port}: EADDRINUSE\n`);
    taken.close();
  });

  it('K23 makes predictable keys only when told to, and says so', async () => {
    const kmes = await start(join(folder, 'seed'), ['--insecure-seed', 'x']);
    expect(kmes.said()).toContain('KEYS ARE NOT SECRET');
    expect((await start(join(folder, 'no-seed'), [])).said()).not.toContain('NOT SECRET');
  });
});

describe('foreign clients', { timeout: 120_000 }, () => {
  const key = async (client: (kme: 0 | 1, sae: string, path: string) => Promise<{ keys: { key_ID: string; key: string }[] }>): Promise<void> => {
    const drawn = await client(0, 'sae-1', 'sae-2/enc_keys?number=1&size=256');
    expect(Buffer.from(drawn.keys[0]!.key, 'base64')).toHaveLength(32);
    expect(await client(1, 'sae-2', `sae-1/dec_keys?key_ID=${drawn.keys[0]!.key_ID}`)).toEqual(drawn);
  };

  it.skipIf(isLeftOut('curl', '--version'))('curl', async () => {
    const { dir, urls } = await start(join(folder, 'curl'), []);
    await key(async (kme, sae, path) => {
      const files = ['--cacert', join(dir, 'pki/root.crt'), '--cert', join(dir, `pki/${sae}.crt`), '--key', join(dir, `pki/${sae}.key`)];
      const { status, stdout, stderr } = await runProgram('curl', ['--silent', '--show-error', '--fail', '--noproxy', '*', ...files, `${urls[kme]}/api/v1/keys/${path}`]);
      expect([status, stderr]).toEqual([0, '']);
      return JSON.parse(stdout) as never;
    });
  });

  it.skipIf(isLeftOut('curl', '--version'))('curl, by the lines that are printed', async () => {
    const { said } = await start(join(folder, 'printed'), ['--sae', 'kme1=sae-1,sae-3', '--sae', 'kme2=sae-2']);
    const shell = async (line: string | undefined) => JSON.parse((await runProgram('sh', ['-c', `${line} --silent --noproxy '*'`])).stdout) as { keys: { key_ID: string; key: string }[] };
    const [, cd, enc] = /^try: (cd .* &&) (curl .*)$/m.exec(said()) ?? [];
    const [, dec] = /^then, with its key_ID: (.*)$/m.exec(said()) ?? [];
    const drawn = await shell(`${cd} ${enc}`);
    expect(await shell(`${cd} ${dec?.replace('KEY_ID', drawn.keys[0]!.key_ID)}`)).toEqual(drawn);
  });

  it.skipIf(isLeftOut('python3', '-c', 'import ssl'))('Python', async () => {
    const { dir, urls } = await start(join(folder, 'python'), []);
    const program = `
import http.client, ssl, sys
host, pki, sae, path = sys.argv[1:]
context = ssl.create_default_context(cafile=pki + "/root.crt")
context.load_cert_chain(pki + "/" + sae + ".crt", pki + "/" + sae + ".key")
connection = http.client.HTTPSConnection(host, context=context, timeout=30)
connection.request("GET", "/api/v1/keys/" + path)
print(connection.getresponse().read().decode())`;
    await key(async (kme, sae, path) => {
      const { status, stdout, stderr } = await runProgram('python3', ['-c', program, new URL(urls[kme]!).host, join(dir, 'pki'), sae, path]);
      expect([status, stderr]).toEqual([0, '']);
      return JSON.parse(stdout) as never;
    });
  });

  it.skipIf(isLeftOut('openssl', 'version'))('openssl, which finds nothing wrong with the certificates either', async () => {
    const { dir, urls } = await start(join(folder, 'openssl'), []);
    const root = join(dir, 'pki/root.crt');
    for (const [purpose, file] of [['sslserver', 'kme_001.crt'], ['sslserver', 'kme_002.crt'], ['sslclient', 'sae-1.crt']] as const) {
      expect((await runProgram('openssl', ['verify', '-purpose', purpose, '-CAfile', root, join(dir, 'pki', file)])).stdout).toMatch(/: OK\n$/);
    }
    const files = ['-CAfile', root, '-cert', join(dir, 'pki/sae-1.crt'), '-key', join(dir, 'pki/sae-1.key')];
    const request = 'GET /api/v1/keys/sae-2/status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    const { status, stdout } = await runProgram('openssl', ['s_client', '-connect', new URL(urls[0]!).host, '-quiet', '-ign_eof', '-verify_return_error', ...files], request);
    expect(status).toBe(0);
    expect(stdout).toContain('"stored_key_count":100000');
  });

  it.skipIf(isLeftOut('sh', '-c', 'true'))('a shell reads kme.env', async () => {
    const { dir, urls } = await start(join(folder, 'environment'), []);
    const { stdout } = await runProgram('sh', ['-c', 'set -a; . "$1"; set +a; env', 'sh', join(dir, 'kme_002.env')]);
    const read = new Map(stdout.split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
    expect(read.get('ETSI_014_REF_IMPL_PORT_NUM')).toBe(new URL(urls[1]!).port);
    expect(read.get('ETSI_014_REF_IMPL_DB_URL')).toBe('postgres://db_user:db_password@127.0.0.1:5432/key_store');
    for (const [name, file] of [['TLS_CERT', 'kme_002.crt'], ['TLS_PRIVATE_KEY', 'kme_002.key'], ['TLS_ROOT_CRT', 'root.crt']] as const) {
      expect(read.get(`ETSI_014_REF_IMPL_${name}`)).toBe(join(dir, 'pki', file));
      expect(existsSync(read.get(`ETSI_014_REF_IMPL_${name}`)!)).toBe(true);
    }
  });
});

/** The bench's main job against KMEs that run elsewhere. */
async function job(urls: readonly string[], pki: string, what: readonly string[] = ['--method', 'pre-shared-key']): Promise<string> {
  const { code } = await makeArtifact({ root: ROOT, entry: 'src/main.ts', version: '0.0.0', commit: 'test' });
  const artifact = join(folder, 'qkd-macsec.js');
  writeFileSync(artifact, code, { mode: 0o755 });
  let output = '';
  const own = { artifact, self: [], signal: new AbortController().signal, print: (text: string) => void (output += text) };
  const status = await benchCommand(['--kme', urls.join(','), '--pki', pki, ...what, '--rotations', '1'], own);
  return `${status} ${output.split('\n').filter((line) => /^FAILED|passed/.test(line)).join('\n')}`;
}

describe('the bench against KMEs that run elsewhere', { timeout: 300_000 }, () => {
  it('one process with a pair in memory', async () => {
    const { dir, urls, said } = await start(join(folder, 'elsewhere'), ['--sae', 'kme1=mx1', '--sae', 'kme2=mx2']);
    expect(await job(urls, join(dir, 'pki'))).toMatch(/^0 \d+ passed, 0 failed$/);
    expect(said()).toMatch(/kme1 mx1 GET \S+\/mx2\/enc_keys\S* 200[\s\S]*kme2 mx2 GET \S+\/mx1\/dec_keys\S* 200/);
    expect(await job(urls, join(dir, 'pki'), ['--phase', '50'])).toMatch(/^0 50 %.* \d+ passed\n\d+ passed, 0 failed$/);
  });

  describe.skipIf(!HAS_POSTGRES)('PostgreSQL', () => {
    let server: TestPostgres | undefined;
    afterAll(() => server?.stop());

    it('two processes on one database', async () => {
      server = await startPostgres();
      const pki = join(folder, 'common', 'pki');
      await command('pki', '--dir', join(folder, 'common'), '--sae', 'kme1=mx1', '--sae', 'kme2=mx2');
      const { hostname, port } = new URL(server.url);
      const byParts = { DATABASE_HOST: hostname, DATABASE_PORT: port, DATABASE_USER: 'db_user', DATABASE_PASSWORD: server.password };
      const kmes = await Promise.all([
        start(join(folder, 'process 1'), ['--kme', 'kme1', '--sae', 'kme1=mx1', '--pki', pki], { DATABASE_URL: server.url }),
        start(join(folder, 'process 2'), ['--kme', 'kme2', '--sae', 'kme2=mx2', '--pki', pki], byParts),
      ]);
      expect(await job(kmes.flatMap(({ urls }) => urls), pki)).toMatch(/^0 \d+ passed, 0 failed$/);
      for (const { child, said } of kmes) {
        expect(said()).toContain(`keys are in database key_store at ${hostname}:${port}`);
        expect(said()).not.toContain(server.password);
        if (process.platform === 'linux') expect(readFileSync(`/proc/${child.pid}/cmdline`, 'utf8')).not.toContain(server.password);
      }
    });
  });
});
