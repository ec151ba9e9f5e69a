// What getting and putting a file over SCP share: the command on a channel of its own, one bounded time for the whole
// transfer, records one after the other, and errors that name router, direction and path. Which records are expected
// is scp-get.ts and scp-put.ts. Routers take legacy SCP only: incoming SFTP is off by default on Junos.

import { once } from 'node:events';

import { inStep, isQkdError, oneLine, QkdError } from '../errors.ts';
import { ScpReader, violation } from './scp-records.ts';
import type { SshChannel } from './channel.ts';
import type { SshConnection } from './connection.ts';
import type { ScpRecord } from './scp-records.ts';

const LONGEST_PATH = 1024;

/** Some routers run no shell, others do: only characters that mean themselves everywhere. Throws `scp`. */
function plainPath(path: string): string {
  if (/^[A-Za-z0-9_@%+=:,./][A-Za-z0-9_@%+=:,./-]*$/.test(path) && path.length <= LONGEST_PATH) return path;
  throw new QkdError('scp', 'not a plain path', { hint: 'use only letters, digits and _@%+=:,./- in paths, without a leading hyphen' });
}

/** The cause of the error for a file that is not there. */
class MissingRemoteFile extends Error {}

/** Is this scpGet's error for a file that does not exist (whatever steps were put in front of it)? */
export function isMissingFile(error: unknown): boolean {
  return isQkdError(error, 'scp') && error.cause instanceof MissingRemoteFile;
}

export class ScpDialogue {
  readonly #channel: SshChannel;
  readonly #records: AsyncGenerator<ScpRecord, void, void>;

  constructor(channel: SshChannel, maxBytes: number) {
    this.#channel = channel;
    this.#records = readRecords(channel, new ScpReader(maxBytes));
  }

  /** An end that has closed already is not written to: what it said before, or on stderr, is the better error. */
  send(bytes: Buffer | string): void {
    if (!this.#channel.closedByOtherEnd) this.#channel.write(bytes);
  }

  /** The next record that is not a refusal. Throws `scp` for a refusal and when the other end has ended. */
  async next(): Promise<Exclude<ScpRecord, { kind: 'refusal' }>> {
    const { value: record } = await this.#records.next();
    if (!record) throw violation(this.#endedEarly());
    if (record.kind === 'refusal') throw refusal(record.text);
    return record;
  }

  async expectOk(): Promise<void> {
    const record = await this.next();
    if (record.kind !== 'ok') throw violation(`a ${record.kind} record where a status was due`);
  }

  /** Ends our direction and waits for the other end to end too. Throws `scp` when it sends anything more, or failed. */
  async end(): Promise<void> {
    this.#channel.end();
    const { value: record } = await this.#records.next();
    if (record?.kind === 'refusal') throw refusal(record.text);
    if (record) throw violation('data after the end of the file');
    if (!this.#channel.closed) await once(this.#channel, 'close');
    if (this.#channel.exitStatus) throw violation(this.#endedEarly());
  }

  #endedEarly(): string {
    const status = this.#channel.exitStatus;
    const detail = this.#channel.diagnostics || (status === undefined ? '' : `exit status ${status}`);
    return detail === '' ? 'the other end ended the transfer' : `the other end ended the transfer: ${detail}`;
  }
}

async function* readRecords(channel: SshChannel, reader: ScpReader): AsyncGenerator<ScpRecord, void, void> {
  for await (const chunk of channel) yield* reader.push(chunk as Buffer);
  reader.finish();
}

function refusal(text: string): QkdError {
  const missing = /: no such file or directory$/i.test(text);
  return new QkdError('scp', text, {
    hint: missing ? 'check the path, and whether the other end has written it yet' : "check the path and this user's rights on it",
    ...(missing ? { cause: new MissingRemoteFile(text) } : {}),
  });
}

export interface Transfer {
  readonly path: string;
  /** `folders`: like put, for folders and what is in them. */
  readonly direction: 'get' | 'put' | 'folders';
  readonly maxBytes: number;
  readonly timeoutSeconds: number;
}

const SIDE = { get: '-f', put: '-t', folders: '-r -t' } as const;

/** Runs `scp -p -f|-t path` and `talk`; the channel is closed afterwards, whatever happened. Throws scp, deadline, ssh-closed. */
export async function scpTransfer<T>(connection: SshConnection, transfer: Transfer, talk: (dialogue: ScpDialogue) => Promise<T>): Promise<T> {
  const { path, direction, maxBytes, timeoutSeconds } = transfer;
  const step = `${connection.place}: scp ${direction} ${oneLine(path)}`;
  const command = await inStep(step, async () => `scp -p ${SIDE[direction]} ${plainPath(path)}`);
  // Errors of exec name connection and command themselves.
  const channel = await connection.exec(command);
  return inStep(step, async () => {
    const timer = setTimeout(() => {
      channel.destroy(new QkdError('deadline', `not finished within ${timeoutSeconds} s`, { hint: 'check the path to the router and its load' }));
    }, timeoutSeconds * 1000);
    try {
      return await talk(new ScpDialogue(channel, maxBytes));
    } finally {
      clearTimeout(timer);
      channel.destroy();
    }
  });
}
