// The records of the legacy SCP protocol, read from whatever pieces the channel delivers. Pure. There is no standard:
// this follows OpenSSH's scp.c (source and sink). Everything that one plain file does not need is refused: directory
// records, names that lead elsewhere, sizes over the limit, long lines, text that is not SCP. The dialogue itself is
// scp-dialogue.ts.

import { oneLine, QkdError } from '../errors.ts';

export type ScpRecord =
  /** One NUL byte: go on. */
  | { readonly kind: 'ok' }
  /** 1: this file failed; 2: everything failed. The text is safe for one log line. */
  | { readonly kind: 'refusal'; readonly text: string }
  /** Milliseconds since 1970 UTC. */
  | { readonly kind: 'times'; readonly modifiedAt: number }
  | { readonly kind: 'file'; readonly mode: number; readonly size: number }
  /** The next bytes of the file that the last file record announced. */
  | { readonly kind: 'content'; readonly bytes: Buffer };

/** Paths may have 1,024 bytes on Junos and 4,096 on Linux; an error line holds one. */
const LONGEST_LINE = 4608;
const NEWLINE = 0x0a;
/** First byte of a warning and of a fatal error. */
const REFUSALS: ReadonlySet<number | undefined> = new Set([1, 2]);

const FILE = /^C([0-7]{4}) (\d{1,15}) ([^\0-\x1f]+)$/;
const TIMES = /^T(\d{1,12}) \d{1,6} \d{1,12} \d{1,6}$/;
const DIRECTORY = /^(?:D[0-7]{4} .*|E)$/;

export class ScpReader {
  readonly #maxBytes: number;
  #line = Buffer.alloc(0);
  #contentLeft = 0;
  #fileSeen = false;

  /** `maxBytes`: the largest file that is accepted. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The records that are complete with `chunk`, the same ones however the bytes are cut (content apart). Throws `scp`. */
  *push(chunk: Buffer): Generator<ScpRecord, void, void> {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#contentLeft > 0) {
        const bytes = rest.subarray(0, this.#contentLeft);
        this.#contentLeft -= bytes.length;
        rest = rest.subarray(bytes.length);
        yield { kind: 'content', bytes };
      } else if (this.#line.length === 0 && rest[0] === 0) {
        rest = rest.subarray(1);
        yield { kind: 'ok' };
      } else {
        // A whole file has come: only a refusal may follow, and whoever sends more may never end the line.
        if (this.#fileSeen && this.#line.length === 0 && !REFUSALS.has(rest[0])) throw this.#notScp('', '');
        const end = rest.indexOf(NEWLINE);
        this.#extendLine(end < 0 ? rest : rest.subarray(0, end));
        if (end < 0) return;
        rest = rest.subarray(end + 1);
        yield this.#endLine();
      }
    }
  }

  /** To be called when the other end has ended: throws `scp` when something was left incomplete. */
  finish(): void {
    if (this.#contentLeft > 0) throw violation(`the transfer ended ${this.#contentLeft} bytes too early`);
    if (this.#line.length > 0) throw this.#notScp('the transfer ended within', this.#line.toString('utf8'));
  }

  #extendLine(part: Buffer): void {
    if (this.#line.length + part.length > LONGEST_LINE) throw violation(`a control line is longer than ${LONGEST_LINE} bytes`);
    this.#line = Buffer.concat([this.#line, part]);
  }

  #endLine(): ScpRecord {
    const line = this.#line.toString('utf8');
    this.#line = Buffer.alloc(0);
    return this.#parse(line);
  }

  #parse(line: string): ScpRecord {
    if (line[0] === '\u0001' || line[0] === '\u0002') {
      return { kind: 'refusal', text: oneLine(line.slice(1).replace(/^scp: /, ''), 300) || 'refused without a reason' };
    }
    const seconds = TIMES.exec(line)?.[1];
    if (seconds !== undefined) return { kind: 'times', modifiedAt: Number(seconds) * 1000 };
    const file = FILE.exec(line);
    if (file !== null) return this.#file(file);
    if (DIRECTORY.test(line)) throw violation('the other end sends a directory');
    throw this.#notScp('not SCP:', line);
  }

  /** After a file was announced, stray bytes may be the file's own, and a file may be a private key: they are not shown. */
  #notScp(what: string, line: string): QkdError {
    return violation(this.#fileSeen ? 'data after the end of the file' : `${what} "${oneLine(line)}"`);
  }

  #file([, mode = '', size, name = '']: RegExpExecArray): ScpRecord {
    if (name === '.' || name === '..' || name.includes('/')) throw violation(`the file record names "${oneLine(name)}"`);
    const bytes = Number(size);
    if (bytes > this.#maxBytes) throw violation(`the file has ${bytes} bytes, at most ${this.#maxBytes} are accepted`);
    this.#contentLeft = bytes;
    this.#fileSeen = true;
    return { kind: 'file', mode: parseInt(mode, 8), size: bytes };
  }
}

/** The other end broke the protocol, or asks for more than we grant. */
export function violation(text: string): QkdError {
  return new QkdError('scp', text, { hint: 'check that the login class allows scp and that logging in prints nothing' });
}
