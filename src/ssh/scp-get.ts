// Fetches one file over legacy SCP (`scp -f`, "source mode" of OpenSSH's scp.c). The name that the other end gives is
// checked and then ignored: where the content goes is the caller's choice alone (CVE-2019-6111).

import { scpTransfer } from './scp-dialogue.ts';
import { violation } from './scp-records.ts';
import type { SshConnection } from './connection.ts';
import type { ScpDialogue } from './scp-dialogue.ts';

export interface ScpFile {
  readonly content: Buffer;
  /** Permission bits. */
  readonly mode: number;
  /** Milliseconds since 1970 UTC; undefined when the other end does not say. */
  readonly modifiedAt?: number;
}

export interface ScpGetLimits {
  /** A larger file is refused before any of it is sent. */
  readonly maxBytes: number;
  /** For the whole transfer. */
  readonly timeoutSeconds: number;
}

const GO_ON = Buffer.from([0]);

/**
 * One remote file. Throws `scp` (refused by the other end, or against the protocol; `isMissingFile` tells when there
 * is no such file), `deadline`, `ssh-closed`.
 */
export function scpGet(connection: SshConnection, path: string, limits: ScpGetLimits): Promise<ScpFile> {
  return scpTransfer(connection, { path, direction: 'get', ...limits }, receive);
}

async function receive(dialogue: ScpDialogue): Promise<ScpFile> {
  dialogue.send(GO_ON);
  let record = await dialogue.next();
  let times: { modifiedAt?: number } = {};
  if (record.kind === 'times') {
    times = { modifiedAt: record.modifiedAt };
    dialogue.send(GO_ON);
    record = await dialogue.next();
  }
  if (record.kind !== 'file') throw violation(`a ${record.kind} record where a file record was due`);
  dialogue.send(GO_ON);
  const content = await receiveContent(dialogue, record.size);
  await dialogue.expectOk();
  dialogue.send(GO_ON);
  await dialogue.end();
  return { content, mode: record.mode, ...times };
}

async function receiveContent(dialogue: ScpDialogue, size: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let received = 0; received < size; ) {
    const record = await dialogue.next();
    if (record.kind !== 'content') throw violation(`a ${record.kind} record within the file`);
    pieces.push(record.bytes);
    received += record.bytes.length;
  }
  return Buffer.concat(pieces, size);
}
