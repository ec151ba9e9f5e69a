// SCP get and put against a server in this process that says whatever a test wants, wrong things above all.
// The real scp: openssh.test.ts.

import { afterEach, describe, expect, test } from 'vitest';

import { within } from '../errors.ts';
import { isMissingFile } from './scp-dialogue.ts';
import { scpGet } from './scp-get.ts';
import { scpPut } from './scp-put.ts';
import { failure, testBed } from './test-peers.ts';
import type { ServerChannel } from 'ssh2';
import type { SshConnection } from './connection.ts';

const { peer, connect, closeAll } = testBed();
afterEach(closeAll);

interface Served {
  readonly connection: SshConnection;
  readonly commands: string[];
  /** What our end sent, all commands together. */
  sent(): string;
}

async function serve(act: (channel: ServerChannel, command: string) => void): Promise<Served> {
  const commands: string[] = [];
  const received: Buffer[] = [];
  const to = await peer({
    exec: (command, channel) => {
      commands.push(command);
      channel.on('data', (bytes: Buffer) => received.push(bytes));
      act(channel, command);
    },
  });
  const connection = await connect(to);
  return { connection, commands, sent: () => Buffer.concat(received).toString() };
}

/** A server that says all of this at once, with this exit status, and closes when we have ended too. */
function says(text: string, status = 0) {
  return serve((channel) => {
    channel.write(text);
    channel.exit(status);
    (channel as unknown as { eof(): void }).eof();
    channel.on('end', () => channel.end());
  });
}

const LIMITS = { maxBytes: 1000, timeoutSeconds: 2 };
const PUT = { mode: 0o600, timeoutSeconds: 2 };

describe('scpGet', () => {
  test('content, mode and time; every record is answered', async () => {
    const { connection, commands, sent } = await says('T1763812345 0 1763812399 0\nC0640 5 whatever the server likes\nhello\0');
    const { content, ...rest } = await scpGet(connection, '/var/home/qkd/mx1_last_key.json', LIMITS);
    expect(content.toString()).toBe('hello');
    expect(rest).toEqual({ mode: 0o640, modifiedAt: 1763812345000 });
    expect(commands).toEqual(['scp -p -f /var/home/qkd/mx1_last_key.json']);
    expect(sent()).toBe('\0\0\0\0');
  });

  test('without a time', async () => {
    const { connection } = await says('C0600 0 a\n\0');
    expect(await scpGet(connection, 'a', LIMITS)).toEqual({ content: Buffer.alloc(0), mode: 0o600 });
  });

  test.each([
    ['a missing file', '\u0001scp: /a: No such file or directory\n', '/a: No such file or directory', true],
    ['a missing file, fatal', '\u0002scp: /a: No such file or directory\r\n', '/a: No such file or directory', true],
    ['no permission', '\u0001scp: /a: Permission denied\n', '/a: Permission denied', false],
    ['a read error after the content', 'C0600 1 a\nx\u0001scp: /a: Input/output error\n', '/a: Input/output error', false],
    ['a directory', 'D0755 0 a\n', 'the other end sends a directory', false],
    ['a name with a slash', 'C0600 1 ../a\nx\0', 'the file record names "../a"', false],
    ['a file that is too large', 'C0600 1001 a\n', 'the file has 1001 bytes, at most 1000 are accepted', false],
    ['a second file', 'C0600 1 a\nx\0C0600 1 b\ny\0', 'data after the end of the file', false],
    ['a second status', 'C0600 1 a\nx\0\0', 'data after the end of the file', false],
    ['a late error', 'C0600 1 a\nx\0\u0001too late\n', 'too late', false],
    ['more content than announced', 'C0600 1 a\nxyz\0', 'data after the end of the file', false],
    ['times twice', 'T1 0 1 0\nT1 0 1 0\n', 'a times record where a file record was due', false],
    ['a status where a file was due', '\0', 'a ok record where a file record was due', false],
    ['a record where a status was due', 'C0600 1 a\nxT1 0 1 0\n', 'data after the end of the file', false],
    ['the same without an end', 'C0600 1 a\nx\0T1', 'data after the end of the file', false],
    ['content cut short', 'C0600 5 a\nab', 'the transfer ended 3 bytes too early', false],
    ['what a command line says', 'unknown command.\r\n', 'not SCP: "unknown command."', false],
    ['nothing at all', '', 'the other end ended the transfer: exit status 1', false],
  ])('refuses %s', async (_title, text, expected, missing) => {
    const { connection } = await says(text, 1);
    const error = await failure(scpGet(connection, '/a', LIMITS));
    expect(error.code).toBe('scp');
    expect(error.message).toBe(`${connection.place}: scp get /a: ${expected}`);
    expect(isMissingFile(error)).toBe(missing);
    expect(isMissingFile(within('record of mx1', error))).toBe(missing);
  });

  test('a missing scp on the other end is not a missing file', async () => {
    const { connection } = await serve((channel) => {
      channel.stderr.write('sh: scp: No such file or directory\n');
      channel.exit(127);
      channel.end();
    });
    const error = await failure(scpGet(connection, '/a', LIMITS));
    expect(error.message).toBe(`${connection.place}: scp get /a: the other end ended the transfer: sh: scp: No such file or directory`);
    expect(isMissingFile(error)).toBe(false);
  });

  test.each([
    ['that says nothing', ''],
    ['that stops within the content', 'C0600 5 a\nab'],
    ['that never ends', 'C0600 1 a\nx\0'],
  ])('a server %s ends with the time-out', async (_title, text) => {
    const { connection } = await serve((channel) => void channel.write(text));
    const error = await failure(scpGet(connection, '/a', { ...LIMITS, timeoutSeconds: 0.2 }));
    expect(error).toMatchObject({ code: 'deadline', message: `${connection.place}: scp get /a: not finished within 0.2 s` });
  });

  test('an endless stream of content does not go past the announced size', async () => {
    const { connection } = await serve((channel) => {
      const more = (): void => void (channel.writable && channel.write('x'.repeat(10_000), () => setImmediate(more)));
      channel.write('C0600 900 a\n');
      more();
    });
    expect((await failure(scpGet(connection, '/a', LIMITS))).code).toBe('scp');
  });

  test('a server that closes without waiting for our answers is still understood', async () => {
    const { connection } = await serve((channel, command) => {
      if (command.endsWith('file')) return void channel.end('C0600 1 a\nx\0');
      channel.stderr.write('sh: scp: command not found\n');
      channel.exit(127);
      channel.end();
    });
    expect((await scpGet(connection, 'file', LIMITS)).content.toString()).toBe('x');
    for (let i = 0; i < 20; i += 1) expect((await failure(scpPut(connection, 'other', Buffer.alloc(9), PUT))).message).toContain('command not found');
  });

  test('the connection is usable after a failure', async () => {
    const { connection } = await serve((channel, command) => {
      channel.end(command.endsWith('missing') ? '\u0001scp: missing: No such file or directory\n' : 'C0600 1 a\nx\0');
    });
    expect(isMissingFile(await failure(scpGet(connection, 'missing', LIMITS)))).toBe(true);
    expect((await scpGet(connection, 'there', LIMITS)).content.toString()).toBe('x');
  });

  test('a lost connection', async () => {
    const { connection } = await serve((channel) => void channel.write('C0600 5 a\n'));
    const work = failure(scpGet(connection, '/a', LIMITS));
    setTimeout(() => connection.close(), 50);
    expect(['scp', 'ssh-closed']).toContain((await work).code);
  });
});

describe('paths that mean something to a shell, or are none', () => {
  test.each(['', '-r', '/a b', "/a'", '/a"', '/a;reboot', '/a$(id)', '/a`id`', '/a|b', '/a&', '/a>b', '/a*', '/a?', '/a[b]', '~/a', '/a\\b', '/a\nb', '/ä', '/a#b', '/a{b,c}', '!a', `/${'a'.repeat(1024)}`])('%j', async (path) => {
    const { connection, commands } = await says('');
    expect(await failure(scpGet(connection, path, LIMITS))).toMatchObject({ code: 'scp', message: expect.stringContaining('not a plain path') });
    expect((await failure(scpPut(connection, path, Buffer.alloc(0), PUT))).code).toBe('scp');
    expect(commands).toEqual([]);
  });
});

describe('scpPut', () => {
  test('sends mode, size, the last part of the path, then the content', async () => {
    const { connection, commands, sent } = await says('\0\0\0');
    await scpPut(connection, '/var/home/qkd/mx1_last_key.json', Buffer.from('hello'), { ...PUT, mode: 0o100640 });
    expect(commands).toEqual(['scp -p -t /var/home/qkd/mx1_last_key.json']);
    expect(sent()).toBe('C0640 5 mx1_last_key.json\nhello\0');
  });

  test.each([
    ['no such folder', '\u0001scp: /x/a: No such file or directory\n', '/x/a: No such file or directory'],
    ['no permission for the file', '\0\u0001scp: /x/a: Permission denied\n', '/x/a: Permission denied'],
    ['a full disk', '\0\0\u0001scp: /x/a: No space left on device\n', '/x/a: No space left on device'],
    ['a failure after success', '\0\0\0\u0001scp: /x/a: set times: Operation not permitted\n', '/x/a: set times: Operation not permitted'],
    ['more than was due', '\0\0\0\0', 'data after the end of the file'],
    ['a file sent to us', '\0C0600 1 a\nx\0', 'the file has 1 bytes, at most 0 are accepted'],
    ['an early end', '\0\0', 'the other end ended the transfer: exit status 1'],
    ['success with a failing status', '\0\0\0', 'the other end ended the transfer: exit status 1'],
  ])('%s', async (_title, text, expected) => {
    const { connection } = await says(text, 1);
    expect(await failure(scpPut(connection, '/x/a', Buffer.from('hello'), PUT))).toMatchObject({ code: 'scp', message: `${connection.place}: scp put /x/a: ${expected}` });
  });

  test.each(['/x/..', '/x/.', '/'])('a path that names no file: %s', async (path) => {
    const { connection } = await says('\0\0\0');
    expect(await failure(scpPut(connection, path, Buffer.alloc(0), PUT))).toMatchObject({ code: 'scp', message: expect.stringContaining('does not name a file') });
  });

  test('a server that stops reading ends with the time-out', async () => {
    const { connection } = await serve((channel) => void channel.write('\0\0').valueOf());
    expect((await failure(scpPut(connection, '/x/a', Buffer.alloc(100), { ...PUT, timeoutSeconds: 0.2 }))).code).toBe('deadline');
  });
});
