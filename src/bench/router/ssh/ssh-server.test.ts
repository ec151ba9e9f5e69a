import { chmod, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2, { type ConnectConfig } from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sshKeyPair } from '../../pki/ssh-key-pair.ts';
import { dialSsh, execSsh, RawNetconf, subsystemSsh } from '../clients/bench-client.ts';
import { isLeftOut, runProgram, type Outcome } from '../clients/outside-program.ts';
import { initialConfiguration, qkdUser } from '../initial-configuration.ts';
import { startRouter, type BenchRouter } from '../start-router.ts';

let dir: string;
let router: BenchRouter;
const keys = {
  ed25519: sshKeyPair(),
  ecdsa: sshKeyPair('ecdsa'),
  rsa: sshKeyPair('rsa'),
  configured: sshKeyPair(),
  stranger: sshKeyPair(),
};
const password = `pass-${Math.random()}`;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'qkd-ssh-'));
  const qkd = qkdUser({ password, publicKeys: [keys.ed25519.public, keys.ecdsa.public, keys.rsa.public] });
  const guest = { name: 'guest', loginClass: 'unauthorized', password } as const;
  const initial = initialConfiguration('mx1', [{ ...qkd, publicKeys: [keys.configured.public] }]);
  router = await startRouter({ name: 'mx1', dir: join(dir, 'mx1'), users: [qkd, guest], initial, scpIdle: 2000 });
});

afterAll(async () => {
  await router.close();
  await rm(dir, { recursive: true, force: true });
});

function login(config: ConnectConfig = { password }): Promise<ssh2.Client> {
  return dialSsh({ host: router.host, port: router.sshPort, username: 'qkd', ...config });
}

async function run(command: string, config?: ConnectConfig): Promise<{ output: string; errors: string; code: number }> {
  const client = await login(config);
  const channel = await execSsh(client, command);
  let output = '';
  let errors = '';
  channel.on('data', (bytes: Buffer) => (output += bytes.toString()));
  channel.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()));
  const code = await new Promise<number>((resolve) => channel.once('close', (status: number) => resolve(status)));
  client.end();
  return { output, errors, code };
}

describe('logins', () => {
  it.each(['ed25519', 'ecdsa', 'rsa', 'configured'] as const)('takes the %s key', async (name) => {
    (await login({ privateKey: keys[name].private })).end();
  });

  it('keyboard-interactive asks for the password', async () => {
    const answered = async (answer: string): Promise<boolean> => {
      const client = new ssh2.Client();
      client.on('keyboard-interactive', (_name, _instructions, _language, prompts, finish) => finish(prompts.map(({ echo }) => (echo === false ? answer : ''))));
      const done = new Promise<boolean>((resolve) => {
        client.once('ready', () => resolve(true));
        client.once('error', () => resolve(false));
      });
      client.connect({ host: router.host, port: router.sshPort, username: 'qkd', tryKeyboard: true, authHandler: ['keyboard-interactive'] });
      return done.finally(() => client.end());
    };
    expect(await answered(password)).toBe(true);
    expect(await answered('wrong')).toBe(false);
  });

  it.each<[string, ConnectConfig]>([
    ['a wrong password', { password: 'wrong' }],
    ['an unknown key', { privateKey: keys.stranger.private }],
    ['an unknown user', { username: 'root', password }],
    ['nobody in particular', { username: 'qkd' }],
  ])('refuses %s', async (_, config) => {
    await expect(login({ ...config })).rejects.toThrow(/authentication methods failed/);
  });

  it('shows the host key that it announces', async () => {
    let fingerprint = '';
    const hash = 'sha256';
    const client = await login({ password, hostHash: hash, hostVerifier: (hex: string) => ((fingerprint = Buffer.from(hex, 'hex').toString('base64').replace(/=+$/, '')), true) } as ConnectConfig);
    client.end();
    expect(`SHA256:${fingerprint}`).toBe(router.hostKeyFingerprint);
  });
});

describe('channels', () => {
  it('speaks NETCONF as subsystem and as command', async () => {
    const client = await login();
    for (const channel of [await subsystemSsh(client, 'netconf'), await execSsh(client, 'xml-mode netconf need-trailer'), await execSsh(client, 'netconf')]) {
      const netconf = new RawNetconf(channel);
      expect(await netconf.message()).toContain('<session-id>');
      expect(await netconf.rpc('<get-system-information/>')).toContain('<host-name>mx1</host-name>');
      expect(await netconf.rpc('<close-session/>')).toContain('<ok/>');
      await netconf.ended();
    }
    client.end();
  });

  it('refuses sftp and other subsystems, a shell, and unknown commands', async () => {
    const client = await login();
    await expect(new Promise((resolve, reject) => client.sftp((error) => (error ? reject(error) : resolve(0))))).rejects.toThrow();
    await expect(subsystemSsh(client, 'x')).rejects.toThrow();
    const shell = await new Promise<ssh2.ClientChannel>((resolve, reject) => client.shell((error, channel) => (error ? reject(error) : resolve(channel))));
    const said = new RawNetconf(shell.stderr as never);
    expect(await said.until((text) => text.includes('\n'))).toContain('no shell');
    client.end();
    expect(await run('rm -rf /')).toMatchObject({ output: 'error: unknown command\n', code: 1 });
    expect(await run('scp')).toMatchObject({ output: 'error: unknown command\n', code: 1 });
  });

  it('answers show commands', async () => {
    expect((await run('show version')).output).toBe('Hostname: mx1\nModel: mx304\nJunos: 24.4R1.9\n'.replace(/\n$/, '\n'));
    expect((await run('cli -c "show configuration system host-name | display set"')).output).toBe('set system host-name mx1\n');
    expect((await run('show bridge domain')).output).toBe('error: syntax error, expecting <command>\n');
  });

  it('tells a user without rights so, before hello', async () => {
    const client = await login({ username: 'guest', password });
    const netconf = new RawNetconf(await subsystemSsh(client, 'netconf'));
    expect(await netconf.message()).toMatch(/^error: Restricted user session[\s\S]*permission denied[\s\S]*<hello/);
    expect(await netconf.rpc('<get-configuration/>')).toContain('permission denied');
    client.end();
    expect((await run('scp -f /var/tmp/x', { username: 'guest', password })).output).toContain('permission denied');
  });
});

describe.skipIf(isLeftOut('ssh', '-V'))('OpenSSH ssh and scp', () => {
  let common: string[];
  let keyFile: string;

  beforeAll(async () => {
    keyFile = join(dir, 'id_ed25519');
    await writeFile(keyFile, keys.ed25519.private, { mode: 0o600 });
    await writeFile(join(dir, 'known_hosts'), `${router.hostKeyLine}\n`);
    common = ['-F', 'none', '-i', keyFile, '-o', 'IdentitiesOnly=yes', '-o', 'BatchMode=yes', '-o', `UserKnownHostsFile=${join(dir, 'known_hosts')}`, '-o', 'StrictHostKeyChecking=yes'];
  });

  const ssh = (args: string[], input?: string): Promise<Outcome> => runProgram('ssh', [...common, '-p', String(router.sshPort), ...args], input);
  const scp = (...args: string[]): Promise<Outcome> => runProgram('scp', [...common, '-P', String(router.sshPort), ...args]);
  const requests = '<hello><capabilities/></hello>]]>]]><rpc message-id="7"><get-system-information/></rpc>]]>]]><rpc message-id="8"><close-session/></rpc>]]>]]>';

  it('ssh -s netconf', async () => {
    const { status, stdout } = await ssh(['-s', 'qkd@127.0.0.1', 'netconf'], requests);
    expect(stdout).toMatch(/message-id="7"[\s\S]*<hardware-model>mx304[\s\S]*message-id="8"[\s\S]*<ok\/>[\s\S]*session end at/);
    expect(status).toBe(0);
  });

  it('ssh host "xml-mode netconf need-trailer", and a bare <rpc> without hello or trailer', async () => {
    expect((await ssh(['qkd@127.0.0.1', 'xml-mode netconf need-trailer'], requests)).stdout).toContain('message-id="7"');
    expect((await ssh(['qkd@127.0.0.1', 'xml-mode netconf'], '<rpc><get-system-information/></rpc>\n')).stdout).toContain('<host-name>mx1');
  });

  it.each(['file-show /etc/x; id', '$(id)', '`id`'])('runs no shell: %s', async (command) => {
    expect((await ssh(['qkd@127.0.0.1', command])).stdout).toBe('error: unknown command\n');
  });

  it.each([0, 1, 32_768, 300_000])('scp -O there and back: %i bytes', async (size) => {
    const content = Buffer.alloc(size, 'k');
    await writeFile(join(dir, 'out'), content);
    expect(await scp('-O', join(dir, 'out'), 'qkd@127.0.0.1:/var/tmp/there')).toMatchObject({ status: 0 });
    expect((await readFile(join(router.root, 'var/tmp/there'))).equals(content)).toBe(true);
    expect(await scp('-O', 'qkd@127.0.0.1:/var/tmp/there', join(dir, 'back'))).toMatchObject({ status: 0 });
    expect((await readFile(join(dir, 'back'))).equals(content)).toBe(true);
  });

  it('-p keeps mode and time both ways; relative paths and folders', async () => {
    const local = join(dir, 'timed');
    await writeFile(local, 'x');
    await chmod(local, 0o640);
    await utimes(local, 1_700_000_000, 1_700_000_000);
    expect(await scp('-O', '-p', local, 'qkd@127.0.0.1:.')).toMatchObject({ status: 0 });
    const there = await stat(join(router.root, 'var/home/qkd/timed'));
    expect([there.mode & 0o777, there.mtimeMs]).toEqual([0o640, 1_700_000_000_000]);
    expect(await scp('-O', '-p', 'qkd@127.0.0.1:timed', join(dir, 'timed-back'))).toMatchObject({ status: 0 });
    const back = await stat(join(dir, 'timed-back'));
    expect([back.mode & 0o777, back.mtimeMs]).toEqual([0o640, 1_700_000_000_000]);
    expect(await scp('-O', `qkd@127.0.0.1:${router.root}/var/home/qkd/timed`, join(dir, 'timed-back'))).toMatchObject({ status: 0 });
  });

  it('says what is wrong', async () => {
    expect((await scp('-O', 'qkd@127.0.0.1:/var/tmp/absent', dir)).stderr).toContain('/var/tmp/absent: No such file or directory');
    expect((await scp('-O', 'qkd@127.0.0.1:/var/tmp', dir)).stderr).toContain('not a regular file');
    expect(await scp('-O', '-r', 'qkd@127.0.0.1:/var/tmp', dir)).toMatchObject({ status: 1 });
    expect(await scp('-s', 'qkd@127.0.0.1:/var/tmp/there', dir)).not.toMatchObject({ status: 0 });
    await router.faults.set({ kind: 'disk-full', bytes: 10, times: 1 });
    await writeFile(join(dir, 'out'), 'x'.repeat(100));
    const full = await scp('-O', join(dir, 'out'), 'qkd@127.0.0.1:/var/tmp/full');
    expect(full).toMatchObject({ status: 1, stderr: expect.stringContaining('No space left on device') as string });
    expect((await stat(join(router.root, 'var/tmp/full'))).size).toBe(10);
  });

  it('refuses a changed host key', async () => {
    await router.faults.set({ kind: 'changed-host-key', times: 1 });
    expect((await ssh(['qkd@127.0.0.1', 'show version'])).stderr).toContain('REMOTE HOST IDENTIFICATION HAS CHANGED');
    expect(await ssh(['qkd@127.0.0.1', 'show version'])).toMatchObject({ status: 0 });
  });
});
