import { chmod, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type ssh2 from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dialSsh, execSsh, RawNetconf } from '../clients/bench-client.ts';
import { qkdUser } from '../initial-configuration.ts';
import { startRouter, type BenchRouter } from '../start-router.ts';
import { readScpCommand, splitWords } from './scp-command.ts';

let dir: string;
let router: BenchRouter;
let client: ssh2.Client;
const password = `pass-${Math.random()}`;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'qkd-scp-'));
  router = await startRouter({ name: 'mx1', dir: join(dir, 'mx1'), users: [qkdUser({ password })], scpIdle: 300 });
  client = await dialSsh({ host: router.host, port: router.sshPort, username: 'qkd', password });
  await writeFile(join(dir, 'outside'), 'outside');
  await symlink(join(dir, 'outside'), join(router.root, 'var/tmp/link'));
  await symlink(dir, join(router.root, 'var/tmp/way-out'));
  await writeFile(join(router.root, 'var/tmp/here'), 'content');
});

afterAll(async () => {
  client.end();
  await router.close();
  await rm(dir, { recursive: true, force: true });
});

/** Runs a transfer in which the client says everything at once, or waits `pieces` to be answered. */
async function talk(command: string, bytes: string): Promise<{ said: string; code: number }> {
  const channel = await execSsh(client, command);
  const closed = new Promise<number>((resolve) => channel.once('close', (code: number) => resolve(code)));
  const raw = new RawNetconf(channel);
  raw.send(bytes);
  channel.end();
  const code = await closed;
  return { said: raw.received, code };
}

describe('SCP refusals', () => {
  it.each<[string, string, string, string]>([
    ['a path out of root', 'scp -f ../../../../../../etc/passwd', '\0', '/etc/passwd: No such file'],
    ['a link to outside', 'scp -f /var/tmp/link', '\0', 'not a regular file'],
    ['a folder link to outside', 'scp -f /var/tmp/way-out/outside', '\0', 'Permission denied'],
    ['writing through a link', 'scp -t /var/tmp/link', 'C0644 1 x\nx\0', 'not a regular file'],
    ['writing below a folder link', 'scp -t /var/tmp/way-out/new', 'C0644 1 x\nx\0', 'Permission denied'],
    ['a folder, sent', 'scp -f /var/tmp', '\0', 'not a regular file'],
    ['-r, sent', 'scp -r -f /var/tmp/here', '\0', 'not a regular file'],
    ['a folder where a file is', 'scp -r -t /var/tmp', 'D0755 0 here\n', 'Not a directory'],
    ['the end of a folder that was not begun', 'scp -r -t /var/tmp', 'E\n', 'folders are not accepted'],
    ['a folder record', 'scp -t /var/tmp', 'D0755 0 d\n', 'folders are not accepted'],
    ['a target that must be a folder', 'scp -d -t /var/tmp/here', 'C0644 1 x\nx\0', 'Not a directory'],
    ['a name with a slash', 'scp -t /var/tmp', 'C0644 1 ../x\nx\0', 'unexpected filename'],
    ['the name ..', 'scp -t /var/tmp', 'C0644 1 ..\nx\0', 'unexpected filename'],
    ['the name .', 'scp -t /var/tmp', 'C0644 1 .\nx\0', 'unexpected filename'],
    ['no name', 'scp -t /var/tmp', 'C0644 1\nx\0', 'malformed file record'],
    ['a mode that is not octal', 'scp -t /var/tmp', 'Cxxxx 1 x\nx\0', 'malformed file record'],
    ['a negative size', 'scp -t /var/tmp', 'C0644 -1 x\nx\0', 'malformed file record'],
    ['a size over the limit', 'scp -t /var/tmp', 'C0644 999999999999 x\nx', 'File too large'],
    ['malformed times', 'scp -t /var/tmp', 'T1 2 3\n', 'malformed time record'],
    ['an unknown record', 'scp -t /var/tmp', 'Xyz\n', 'unexpected record'],
    ['an endless line', 'scp -t /var/tmp', `C0644 1 ${'x'.repeat(5000)}`, 'line too long'],
    ["the client's error", 'scp -t /var/tmp/e', '\u0001scp: x: gone\n', 'gone'],
    ['content cut short', 'scp -t /var/tmp/short', 'C0644 5 x\nab', 'connection ended'],
    ['an error in place of the last status', 'scp -t /var/tmp/last', 'C0644 2 x\nab\u0001read error\n', 'read error'],
    ['no folder', 'scp -t /no/such/folder/x', 'C0644 1 x\nx\0', 'No such file or directory'],
    ['an unacknowledged file', 'scp -f /var/tmp/here', '\0\u0001no room\n', 'no room'],
  ])('%s', async (_, command, bytes, words) => {
    const { said, code } = await talk(command, bytes);
    expect(said).toMatch(/\u0001scp: .+\n$/);
    expect(said.split('\u0001').at(-1)).toContain(words.split('/').at(-1));
    expect(code).toBe(1);
  });

  it('a silent client is let go', async () => {
    const channel = await execSsh(client, 'scp -t /var/tmp/silent');
    const raw = new RawNetconf(channel);
    expect(await raw.until((said) => said.includes('timed out'))).toContain('\u0001scp: timed out');
  });

  it('nothing of this has reached the outside', async () => {
    expect(await readFile(join(dir, 'outside'), 'utf8')).toBe('outside');
  });

  it('the right of the file counts for nobody but root', async () => {
    await writeFile(join(router.root, 'var/tmp/closed'), 'x');
    await chmod(join(router.root, 'var/tmp/closed'), 0o000);
    const { said } = await talk('scp -f /var/tmp/closed', '\0\0\0');
    expect(said).toContain(process.getuid?.() === 0 ? 'C0000 1 closed' : 'Permission denied');
  });

  it('bytes in any pieces give the same file (replay byte by byte)', async () => {
    const channel = await execSsh(client, 'scp -p -t /var/tmp/bytewise');
    const closed = new Promise((resolve) => channel.once('close', resolve));
    channel.resume();
    for (const byte of Buffer.from('T1700000000 0 1700000000 0\nC0600 5 x\nhello\0', 'latin1')) channel.write(Buffer.from([byte]));
    channel.end();
    await closed;
    expect(await readFile(join(router.root, 'var/tmp/bytewise'), 'utf8')).toBe('hello');
  });
});

describe('readScpCommand', () => {
  it.each([
    ['scp -f /a', { direction: 'send', path: '/a', preserve: false }],
    ['scp -p -v -t -- -x', { direction: 'receive', path: '-x', preserve: true }],
    ["scp -pt 'a b'", { direction: 'receive', path: 'a b', preserve: true }],
    ['scp -r -d -t "x"', { recursive: true, targetIsFolder: true }],
    ['/usr/bin/scp -f a\\ b', { path: 'a b' }],
  ])('%s', (line, expected) => {
    expect(readScpCommand(line)).toMatchObject(expected);
  });

  it.each(['scp', 'scp a', 'scp -f', 'scp -f a b', 'scp -t -f a', 'scp -S x -f a', 'scp -f $HOME', 'scp -f a;b', "scp -f 'a", 'cp -f a', 'scp -f a\nb', 'scp -f `a`', 'scp -f a>b'])('refuses %j', (line) => {
    expect(readScpCommand(line)).toBeUndefined();
  });

  it('never throws, and words quoted come back (property)', () => {
    const word = fc.string({ unit: fc.constantFrom('a', ' ', '"', '$', '\\', '`', ';', '*', 'é'), minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), (words) => {
        expect(splitWords(words.map((one) => `'${one}'`).join(' '))).toEqual(words);
        splitWords(words.join(' '));
      }),
      { numRuns: 200 },
    );
  });
});
