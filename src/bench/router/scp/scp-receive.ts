// The receiving half of the SCP server (`scp -t`): files one after the other, written in place as OpenSSH's scp does,
// and with -r folders around them. The fault `disk-full` ends a file early,
// `damaged-file` spoils its last byte.

import { constants } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { MgdUser } from '../../mgd/mgd.ts';
import type { Faults } from '../faults/faults.ts';
import { ScpBroken, type ByteSource } from './byte-source.ts';
import type { ScpCommand } from './scp-command.ts';
import { FileRefused, type RouterFiles } from './router-files.ts';

const LARGEST_FILE = 64 * 1024 * 1024;

export interface ReceiveRequest {
  readonly files: RouterFiles;
  readonly user: MgdUser;
  readonly command: ScpCommand;
  readonly faults: Faults;
}

interface Announced {
  readonly mode: number;
  readonly size: number;
  readonly name: string;
}

interface Times {
  readonly modified: number;
  readonly accessed: number;
}

/** Receives until the client ends. Throws FileRefused or ScpBroken. */
export async function scpReceive(stream: Duplex, source: ByteSource, request: ReceiveRequest): Promise<void> {
  const { files, user, command } = request;
  let target = files.resolve(user.name, command.path);
  const folders: string[] = [];
  let kind = await files.kind(target);
  if (kind === 'other') throw new FileRefused('not a regular file');
  if (command.targetIsFolder && kind !== 'folder') throw new FileRefused('Not a directory');
  stream.write('\0');
  let times: Times | undefined;
  for (let line = await source.line(); line !== undefined; line = await source.line()) {
    if (line.startsWith('T')) {
      times = readTimes(line);
    } else if (line.startsWith('C')) {
      const file = readAnnounced(line);
      await receiveFile(stream, source, request, { ...file, host: kind === 'folder' ? join(target, file.name) : target, times });
      times = undefined;
    } else if (command.recursive && line.startsWith('D')) {
      folders.push(target);
      target = await receiveFolder(request, kind === 'folder' ? join(target, readAnnounced(`C${line.slice(1)}`).name) : target, readAnnounced(`C${line.slice(1)}`).mode);
      kind = 'folder';
    } else if (command.recursive && line === 'E' && folders.length > 0) {
      target = folders.pop() as string;
    } else throw refusal(line);
    stream.write('\0');
  }
}

function refusal(line: string): Error {
  if (line.startsWith('\u0001') || line.startsWith('\u0002')) return new ScpBroken(line.slice(1));
  if (/^[DE]/.test(line)) return new FileRefused('folders are not accepted');
  return new ScpBroken('protocol error: unexpected record');
}

/** Makes the folder, or gives one that is there the mode; resolves to it. */
async function receiveFolder({ files, user, command }: ReceiveRequest, host: string, mode: number): Promise<string> {
  const kind = await files.kind(host);
  if (kind === 'file' || kind === 'other') throw new FileRefused('Not a directory');
  if (!(await files.rights.mayWrite(user, kind === 'folder' ? join(host, '.') : host))) throw new FileRefused('Permission denied');
  if (kind === 'absent') {
    await mkdir(host, { mode });
    files.rights.claim(host, user.name);
  }
  if (kind === 'absent' || command.preserve) await chmod(host, mode);
  return host;
}

interface Incoming extends Announced {
  readonly host: string;
  readonly times: Times | undefined;
}

async function receiveFile(stream: Duplex, source: ByteSource, { files, user, command, faults }: ReceiveRequest, incoming: Incoming): Promise<void> {
  const before = await files.kind(incoming.host);
  if (before === 'folder') throw new FileRefused('Is a directory');
  if ((await files.kind(dirname(incoming.host))) === 'folder' && !(await files.rights.mayWrite(user, incoming.host))) throw new FileRefused('Permission denied');
  const mode = command.preserve ? incoming.mode : incoming.mode & ~0o022;
  const file = await files.openInside(incoming.host, constants.O_WRONLY | constants.O_CREAT, mode);
  if (before === 'absent') files.rights.claim(incoming.host, user.name);
  try {
    stream.write('\0');
    const full = faults.take('disk-full');
    await receiveContent(file, source, incoming.size, full === undefined ? Infinity : (full.bytes ?? 0));
    await file.truncate(incoming.size);
    if (faults.take('damaged-file') !== undefined) await file.write('?', Math.max(0, incoming.size - 1));
    const status = await source.line();
    if (status !== '\0') throw new ScpBroken(status === undefined ? 'connection ended' : status.slice(1));
    if (command.preserve) await file.chmod(mode);
    if (incoming.times !== undefined) await file.utimes(incoming.times.accessed, incoming.times.modified);
  } finally {
    await file.close();
  }
}

async function receiveContent(file: FileHandle, source: ByteSource, size: number, space: number): Promise<void> {
  for (let received = 0; received < size; ) {
    const bytes = await source.some(size - received);
    if (bytes === undefined) throw new ScpBroken('connection ended');
    const room = Math.max(0, Math.min(bytes.length, space - received));
    await file.write(bytes, 0, room, received);
    received += bytes.length;
    if (room < bytes.length) throw new FileRefused('No space left on device');
  }
}

function readAnnounced(line: string): Announced {
  const match = /^C(\d{4}) (\d{1,15}) (.+)$/.exec(line);
  if (match === null) throw new ScpBroken('protocol error: malformed file record');
  const [, mode, size, name] = match as unknown as [string, string, string, string];
  if (/[/\0]/.test(name) || name === '.' || name === '..') throw new ScpBroken(`protocol error: unexpected filename: ${name}`);
  if (Number(size) > LARGEST_FILE) throw new FileRefused('File too large');
  return { mode: parseInt(mode, 8) & 0o777, size: Number(size), name };
}

function readTimes(line: string): Times {
  const match = /^T(\d{1,12}) \d{1,6} (\d{1,12}) \d{1,6}$/.exec(line);
  if (match === null) throw new ScpBroken('protocol error: malformed time record');
  return { modified: Number(match[1]), accessed: Number(match[2]) };
}
