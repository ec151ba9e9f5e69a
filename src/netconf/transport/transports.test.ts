import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex, PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { QkdError } from '../../errors.ts';
import { noLog } from '../../log.ts';
import { element } from '../../xml.ts';
import { openNetconfSession, type NetconfOptions } from '../session.ts';
import { openChildProcess } from './child-process.ts';
import { netconfOverSsh, type SshConnection } from './ssh.ts';
import { openUnixSocket } from './unix-socket.ts';

const OPTIONS: NetconfOptions = { log: noLog, rpcTimeoutSeconds: 5, commitTimeoutSeconds: 5, lockWaitSeconds: 0, closeTimeoutSeconds: 0.2 };
const HELLO = '<hello><capabilities><capability>urn:ietf:params:netconf:base:1.0</capability></capabilities></hello>]]>]]>';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netconf-transport-'));
});
afterAll(() => rm(folder, { recursive: true }));

function node(script: string): string[] {
  return [process.execPath, '-e', script];
}

/** A program that says hello and answers every RPC with the names in its environment. */
const OBLIGING = `process.stdout.write(${JSON.stringify(HELLO)}); let text = '';
process.stdin.on('data', (chunk) => { text += chunk;
  for (let at; (at = text.indexOf(']]>]]>')) >= 0; text = text.slice(at + 6)) {
    const id = /message-id="(\\d+)"/.exec(text.slice(0, at));
    if (id) process.stdout.write('<rpc-reply message-id="' + id[1] + '"><env>' + Object.keys(process.env).sort() + '</env></rpc-reply>]]>]]>');
  } });`;

describe('a child process', () => {
  it('answers over its pipes, sees a fixed environment and is gone after close', async () => {
    process.env['QKD_TEST_PASSWORD'] = 'x';
    const session = await openNetconfSession(await openChildProcess(node(OBLIGING)), OPTIONS);
    const reply = await session.rpc(element('get-x'));
    delete process.env['QKD_TEST_PASSWORD'];
    const names = String(reply.children[0]?.text).split(',').filter((name) => !name.startsWith('__'));
    expect(names).toEqual(expect.arrayContaining(['LANG', 'PATH', 'TERM']));
    expect(names).not.toContain('QKD_TEST_PASSWORD');
    await session.close();
    expect(session.open).toBe(false);
  });

  it('that dies says how: exit status and stderr', async () => {
    const transport = await openChildProcess(node("console.error('could not connect to\\nmanagement daemon'); process.exit(3)"));
    await expect(openNetconfSession(transport, OPTIONS)).rejects.toMatchObject({
      code: 'netconf-closed',
      message: expect.stringMatching(/no hello: the command ended, exit status 3: could not connect to management daemon$/),
    });
  });

  it('that refuses the user on stderr is a clear error', async () => {
    const transport = await openChildProcess(node("console.error('error: Restricted user session'); process.exit(1)"));
    await expect(openNetconfSession(transport, OPTIONS)).rejects.toMatchObject({ code: 'permission-denied' });
  });

  it('that ignores the end is killed', async () => {
    const transport = await openChildProcess(node(`process.on('SIGTERM', () => {}); process.stdout.write(${JSON.stringify(HELLO)}); setInterval(() => {}, 1000)`));
    const session = await openNetconfSession(transport, OPTIONS);
    await session.close();
    expect((await transport.whyEnded()).message).toMatch(/killed by SIG(TERM|KILL)$/);
  });

  it('that cannot be started is a clear error with a hint', async () => {
    await expect(openChildProcess(['/nonexistent/cli', 'xml-mode'])).rejects.toMatchObject({
      code: 'netconf-closed',
      message: 'cannot start /nonexistent/cli: ENOENT',
      hint: expect.stringContaining('netconf.mgd_command'),
    });
    const file = join(folder, 'not-executable');
    await writeFile(file, '');
    await chmod(file, 0o600);
    await expect(openChildProcess([file])).rejects.toMatchObject({ message: expect.stringMatching(/: EACCES$/) });
    await expect(openChildProcess([])).rejects.toMatchObject({ code: 'netconf-closed' });
  });
});

describe('a UNIX socket', () => {
  it('that does not exist, or is no socket, is a clear error with a hint', async () => {
    await expect(openUnixSocket(join(folder, 'absent'))).rejects.toMatchObject({ code: 'netconf-closed', message: expect.stringMatching(/: ENOENT$/), hint: expect.any(String) });
    const file = join(folder, 'file');
    await writeFile(file, '');
    await expect(openUnixSocket(file)).rejects.toMatchObject({ message: expect.stringMatching(/: ECONNREFUSED$/) });
  });

  it('that hangs up before the hello is reported', async () => {
    const server = createServer((socket) => socket.resume().end());
    await new Promise<void>((resolve) => server.listen(join(folder, 'mute'), resolve));
    await expect(openNetconfSession(await openUnixSocket(join(folder, 'mute')), OPTIONS)).rejects.toMatchObject({ code: 'netconf-closed', message: expect.stringMatching(/no hello: the other end closed the socket$/) });
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('SSH', () => {
  const closed: number[] = [];

  function channel(diagnostics = ''): Duplex & { diagnostics: string } {
    const fromRouter = new PassThrough();
    fromRouter.write(HELLO);
    const duplex = Duplex.from({ readable: fromRouter, writable: new PassThrough() });
    return Object.assign(duplex, { diagnostics });
  }

  function connection(port: number, offers: { subsystem?: boolean; exec?: boolean }): SshConnection {
    const offer = async (given: boolean | undefined, what: string): Promise<Duplex> => {
      if (given !== true) throw new QkdError('ssh-closed', `ssh mx1:${port}: ${what}: refused`);
      return channel();
    };
    return {
      place: `ssh mx1:${port}`,
      subsystem: (name) => offer(offers.subsystem, `subsystem ${name}`),
      exec: (command) => offer(offers.exec, command),
      close: () => void closed.push(port),
    };
  }

  it('takes port 830 when it speaks NETCONF', async () => {
    const asked: number[] = [];
    const transport = await netconfOverSsh(async (port) => (asked.push(port), connection(port, { subsystem: true })));
    expect(transport.name).toBe('ssh mx1:830');
    expect(asked).toEqual([830]);
    await transport.close();
    expect(closed.splice(0)).toEqual([830]);
  });

  it('goes on to port 22 when nobody listens on 830', async () => {
    const transport = await netconfOverSsh(async (port) => {
      if (port === 830) throw new QkdError('ssh-unreachable', 'no');
      return connection(port, { subsystem: true });
    });
    expect(transport.name).toBe('ssh mx1:22');
    await transport.close();
    expect(closed.splice(0)).toEqual([22]);
  });

  it.each(['ssh-authentication', 'ssh-host-key'] as const)('takes %s on 830 for final', async (code) => {
    const asked: number[] = [];
    const open = async (port: number): Promise<SshConnection> => {
      asked.push(port);
      throw new QkdError(code, `ssh mx1:${port}: no`);
    };
    await expect(netconfOverSsh(open)).rejects.toMatchObject({ code, message: 'ssh mx1:830: no' });
    expect(asked).toEqual([830]);
  });

  it('runs the command on port 22, whichever port is asked first', async () => {
    const transport = await netconfOverSsh(async (port) => connection(port, { exec: port === 22 }), [22, 830]);
    expect(transport.name).toBe('ssh mx1:22');
    await transport.close();
    expect(closed.splice(0)).toEqual([22]);
  });

  it('closes a connection whose subsystem is refused and runs the command on the last port', async () => {
    const transport = await netconfOverSsh(async (port) => connection(port, { exec: true }));
    expect(transport.name).toBe('ssh mx1:22');
    expect(closed.splice(0)).toEqual([830]);
    await transport.close();
    expect(closed.splice(0)).toEqual([22]);
  });

  it('reports every port, with the code and hint of the gravest, when none is left', async () => {
    const open = async (port: number): Promise<SshConnection> => {
      if (port === 830) throw new QkdError('ssh-closed', 'ssh mx1:830: subsystem netconf: refused', { hint: 'check the login class' });
      throw new QkdError('ssh-unreachable', 'ssh mx1:22: connection refused', { hint: 'check the path' });
    };
    await expect(netconfOverSsh(open)).rejects.toMatchObject({ code: 'ssh-closed', message: 'ssh mx1:830: subsystem netconf: refused; ssh mx1:22: connection refused', hint: 'check the login class' });
  });

  it('says what was refused when connections work and NETCONF does not', async () => {
    await expect(netconfOverSsh(async (port) => connection(port, {}))).rejects.toMatchObject({
      code: 'netconf-closed',
      message: 'ssh mx1:830: subsystem netconf: refused; ssh mx1:22: subsystem netconf: refused; ssh mx1:22: xml-mode netconf need-trailer: refused',
      hint: 'enable `system services netconf ssh` on the router',
    });
    expect(closed.splice(0)).toEqual([830, 22]);
  });

  it('says once what no other port can mend', async () => {
    const open = async (): Promise<SshConnection> => {
      throw new QkdError('file', 'private key id: not a key file');
    };
    await expect(netconfOverSsh(open)).rejects.toMatchObject({ code: 'file', message: 'private key id: not a key file' });
  });

  it('tells what the command wrote on stderr when the channel ends', async () => {
    const ended = Object.assign(Duplex.from({ readable: (async function* () {})(), writable: new PassThrough() }), { diagnostics: 'xml-mode: command not found' });
    const transport = await netconfOverSsh(async () => ({ place: 'ssh mx1:830', subsystem: async () => ended, exec: async () => ended, close: () => undefined }));
    await expect(openNetconfSession(transport, OPTIONS)).rejects.toMatchObject({ code: 'netconf-closed', message: expect.stringContaining('does not know xml-mode') });
  });
});
