// Channels of an open connection, also when the other end refuses, stalls or goes away under them.
// The other end is an ssh2 server in this process.

import { afterEach, expect, test } from 'vitest';

import { failure, testBed } from './test-peers.ts';

const { peer, connect, closeAll } = testBed();
afterEach(closeAll);

async function text(channel: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of channel) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

test('exec carries both directions, stderr and the exit status', async () => {
  const to = await peer({
    exec: (command, channel) => {
      channel.stderr.write('careful\n');
      channel.write(`${command}: `);
      channel.pipe(channel, { end: false });
      channel.on('end', () => channel.exit(3)).on('end', () => channel.end());
    },
  });
  const channel = await (await connect(to)).exec('echo');
  channel.end('hello');
  const closed = new Promise((resolve) => channel.once('close', resolve));
  expect(await text(channel)).toBe('echo: hello');
  await closed;
  expect(channel.diagnostics).toBe('careful');
  expect(channel.exitStatus).toBe(3);
});

test('a subsystem, more than once on one connection', async () => {
  const connection = await connect(await peer({ subsystem: (name, channel) => channel.end(`this is ${name}`) }));
  expect(await text(await connection.subsystem('netconf'))).toBe('this is netconf');
  expect(await text(await connection.subsystem('netconf'))).toBe('this is netconf');
});

test('five megabytes each way, past the channel window and a slow reader', async () => {
  const connection = await connect(await peer({ exec: (_command, channel) => void channel.pipe(channel) }));
  const channel = await connection.exec('cat');
  const sent = Buffer.alloc(5_000_000, 'abcdefgh');
  channel.end(sent);
  expect(Buffer.from(await text(channel)).equals(sent)).toBe(true);
});

test.each(['exec', 'subsystem'] as const)('a refused %s', async (kind) => {
  const to = await peer();
  const error = await failure((await connect(to))[kind]('netconf'));
  expect(error.code).toBe('ssh-closed');
  expect(error.message).toMatch(new RegExp(`^ssh 127.0.0.1:${to.port}: ${kind} netconf: refused: `));
});

test('a server that does not answer a request for a channel', async () => {
  const to = await peer({ session: (session) => void session.on('exec', () => undefined) });
  const connection = await connect(to, {}, { timeout: 0.3 });
  expect(await failure(connection.exec('x'))).toMatchObject({ code: 'deadline', message: `ssh 127.0.0.1:${to.port}: exec x: no answer within 0.3 s` });
});

test('after the connection is lost the channel ends, writes fail, and nothing crashes', async () => {
  const to = await peer({ exec: (_command, channel) => void channel.write('so far') });
  const connection = await connect(to);
  const channel = await connection.exec('x');
  const closed = new Promise((resolve) => channel.once('close', resolve));
  const received = text(channel);
  await to.close();
  expect(await received).toBe('so far');
  await closed;
  const refused = await new Promise<Error | null | undefined>((resolve) => channel.write('x', resolve));
  expect(refused).toBeInstanceOf(Error);
  expect(await failure(connection.exec('y'))).toMatchObject({ code: 'ssh-closed', message: expect.stringContaining('the connection has ended') });
  connection.close();
  connection.close();
});

test('a write that waits for the window fails when the connection is lost', async () => {
  const to = await peer({ exec: (_command, channel) => void channel.pause() });
  const channel = await (await connect(to)).exec('x');
  channel.resume();
  const written = new Promise<Error | null | undefined>((resolve) => channel.write(Buffer.alloc(20_000_000), resolve));
  setTimeout(() => void to.close(), 50);
  expect(await written).toMatchObject({ code: 'ssh-closed' });
});
