// The sending half of the SCP server (`scp -f`): one regular file, with its times when -p was given.

import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Duplex } from 'node:stream';
import { ScpBroken, type ByteSource } from './byte-source.ts';
import type { MgdUser } from '../../mgd/mgd.ts';
import type { ScpCommand } from './scp-command.ts';
import { FileRefused, type RouterFiles } from './router-files.ts';

const PIECE = 32 * 1024;

/** Sends the file named by the command. Throws FileRefused or ScpBroken. */
export async function scpSend(stream: Duplex, source: ByteSource, request: { files: RouterFiles; user: MgdUser; command: ScpCommand; onSent?: () => void }): Promise<void> {
  const { files, user, command } = request;
  await acknowledged(source);
  const named = files.resolve(user.name, command.path);
  const host = await files.followed(named);
  const kind = await files.kind(host);
  if (kind === 'absent') throw new FileRefused('No such file or directory');
  if (!(await files.rights.mayRead(user, host))) throw new FileRefused('Permission denied');
  if (kind !== 'file' || command.recursive) throw new FileRefused('not a regular file');
  const file = await files.openInside(host, constants.O_RDONLY);
  try {
    await sendFile(stream, source, { file, name: basename(named), preserve: command.preserve });
    request.onSent?.();
    stream.write('\0');
    await acknowledged(source);
  } finally {
    await file.close();
  }
}

async function sendFile(stream: Duplex, source: ByteSource, { file, name, preserve }: { file: FileHandle; name: string; preserve: boolean }): Promise<void> {
  const { mode, size, mtimeMs, atimeMs } = await file.stat();
  if (preserve) {
    stream.write(`T${Math.floor(mtimeMs / 1000)} 0 ${Math.floor(atimeMs / 1000)} 0\n`);
    await acknowledged(source);
  }
  stream.write(`C${(mode & 0o7777).toString(8).padStart(4, '0')} ${size} ${name}\n`);
  await acknowledged(source);
  for (let sent = 0; sent < size; ) {
    const { bytesRead, buffer } = await file.read({ buffer: Buffer.alloc(Math.min(PIECE, size - sent)), position: sent });
    // A file that shrinks while it is read is filled up, as the length has been announced.
    const piece = bytesRead === 0 ? Buffer.alloc(Math.min(PIECE, size - sent)) : buffer.subarray(0, bytesRead);
    if (!stream.write(piece)) await drained(stream);
    sent += piece.length;
  }
}

async function acknowledged(source: ByteSource): Promise<void> {
  const line = await source.line();
  if (line === undefined) throw new ScpBroken('connection ended');
  if (line !== '\0') throw new ScpBroken(line.slice(1));
}

function drained(stream: Duplex): Promise<void> {
  return new Promise((resolve, reject) => {
    const over = (): void => reject(new ScpBroken('connection ended'));
    stream.once('close', over);
    stream.once('drain', () => {
      stream.off('close', over);
      resolve();
    });
  });
}
