// SCP records: whole transfers and a table of refusals, each read at once and byte by byte, and properties.
// No channel is involved.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { QkdError } from '../errors.ts';
import { ScpReader } from './scp-records.ts';
import type { ScpRecord } from './scp-records.ts';

const LIMIT = 1000;

/** Everything read from these pieces, neighbouring content joined; what was refused comes last, as text. */
function read(pieces: readonly Buffer[], maxBytes = LIMIT): (ScpRecord | string)[] {
  const reader = new ScpReader(maxBytes);
  const records: (ScpRecord | string)[] = [];
  try {
    for (const piece of pieces) for (const record of reader.push(piece)) join(records, record);
    reader.finish();
  } catch (error) {
    if (!(error instanceof QkdError) || error.code !== 'scp') throw error;
    records.push(error.message);
  }
  return records;
}

function join(records: (ScpRecord | string)[], record: ScpRecord): void {
  const last = records.at(-1);
  if (record.kind === 'content' && typeof last === 'object' && last.kind === 'content') {
    records[records.length - 1] = { kind: 'content', bytes: Buffer.concat([last.bytes, record.bytes]) };
  } else {
    records.push(record);
  }
}

const bytewise = (bytes: Buffer): Buffer[] => [...bytes].map((byte) => Buffer.from([byte]));

const content = (text: string): ScpRecord => ({ kind: 'content', bytes: Buffer.from(text) });

const TRANSFERS: [string, string, (ScpRecord | string)[]][] = [
  ['a file with times', 'T1763812345 0 1763812399 0\nC0644 5 mx1_last_key.json\nhello\0', [{ kind: 'times', modifiedAt: 1763812345000 }, { kind: 'file', mode: 0o644, size: 5 }, content('hello'), { kind: 'ok' }]],
  ['an empty file', 'C0600 0 empty\n\0', [{ kind: 'file', mode: 0o600, size: 0 }, { kind: 'ok' }]],
  ['content that looks like records', 'C4755 6 x y\nD\n\0\u0001\u0002E\0', [{ kind: 'file', mode: 0o4755, size: 6 }, content('D\n\0\u0001\u0002E'), { kind: 'ok' }]],
  ['a name in UTF-8', 'C0600 1 schlüssel\nx\0', [{ kind: 'file', mode: 0o600, size: 1 }, content('x'), { kind: 'ok' }]],
  ['a warning', '\u0001scp: /x: No such file or directory\n', [{ kind: 'refusal', text: '/x: No such file or directory' }]],
  ['a fatal error', '\u0002scp: protocol error\n', [{ kind: 'refusal', text: 'protocol error' }]],
  ['an error without text', '\u0001\n', [{ kind: 'refusal', text: 'refused without a reason' }]],
  ['an error with escape sequences', '\u0001scp: \u001b[31m/x\u001b[0m:\u0007 gone\r\n', [{ kind: 'refusal', text: '/x: gone' }]],
  ['a warning after the content', 'C0600 1 a\nx\u0001read error\n', [{ kind: 'file', mode: 0o600, size: 1 }, content('x'), { kind: 'refusal', text: 'read error' }]],
  ['an error is told even when nonsense follows', '\u0001no space\nbye\n', [{ kind: 'refusal', text: 'no space' }, 'not SCP: "bye"']],
];

const REFUSALS: [string, string, string][] = [
  ['a directory', 'D0755 0 folder\n', 'the other end sends a directory'],
  ['the end of a directory', 'E\n', 'the other end sends a directory'],
  ['a name with a slash', 'C0600 1 ../../etc/passwd\n', 'the file record names "../../etc/passwd"'],
  ['an absolute name', 'C0600 1 /etc/passwd\n', 'the file record names "/etc/passwd"'],
  ['the name ..', 'C0600 1 ..\n', 'the file record names ".."'],
  ['the name .', 'C0600 1 .\n', 'the file record names "."'],
  ['no name', 'C0600 1 \n', 'not SCP: "C0600 1"'],
  ['a name with a control character', 'C0600 1 a\u001b]0;x\n', 'not SCP: "C0600 1 a ]0;x"'],
  ['a file over the limit', 'C0600 1001 a\n', 'the file has 1001 bytes, at most 1000 are accepted'],
  ['an absurd size', 'C0600 9999999999999999999 a\n', 'not SCP: "C0600 9999999999999999999 a"'],
  ['a negative size', 'C0600 -1 a\n', 'not SCP: "C0600 -1 a"'],
  ['a size in hex', 'C0600 0x10 a\n', 'not SCP: "C0600 0x10 a"'],
  ['a mode that is not octal', 'C0800 1 a\n', 'not SCP: "C0800 1 a"'],
  ['a short mode', 'C600 1 a\n', 'not SCP: "C600 1 a"'],
  ['two blanks', 'C0600  1 a\n', 'not SCP: "C0600  1 a"'.replace('  ', ' ')],
  ['times that are no numbers', 'Tyesterday\n', 'not SCP: "Tyesterday"'],
  ['negative times', 'T-1 0 0 0\n', 'not SCP: "T-1 0 0 0"'],
  ['what a login shell prints', 'Welcome to mx1\n', 'not SCP: "Welcome to mx1"'],
  ['what a login shell prints, like a record at first sight', 'This account is currently not available.\nC', 'not SCP: "This account is currently not available."'],
  ['what a login class answers', 'Error: permission denied\n', 'not SCP: "Error: permission denied"'],
  ['an empty line', '\n', 'not SCP: ""'],
  ['what a login shell prints without a line break', 'unknown command.', 'the transfer ended within "unknown command."'],
  ['an end within a record', 'C0600 1', 'the transfer ended within "C0600 1"'],
  ['an end within the content', 'C0600 5 a\nab', 'the transfer ended 3 bytes too early'],
  ['stray bytes after a file, which may be a private key, are not shown', 'C0600 1 a\nx-----BEGIN ' + 'PRIVATE KEY-----\n', 'data after the end of the file'],
  ['the same without a line break', 'C0600 1 a\nxMC4CAQAwBQ', 'data after the end of the file'],
  ['a line without end', `C0600 1 ${'a'.repeat(9000)}`, 'a control line is longer than 4608 bytes'],
  ['an error line without end', `\u0001${'a'.repeat(9000)}`, 'a control line is longer than 4608 bytes'],
];

describe('transfers, whole and byte by byte', () => {
  test.each(TRANSFERS)('%s', (_title, raw, expected) => {
    const bytes = Buffer.from(raw);
    expect(read([bytes])).toEqual(expected);
    expect(read(bytewise(bytes))).toEqual(expected);
  });
});

describe('refusals, whole and byte by byte', () => {
  test.each(REFUSALS)('%s', (_title, raw, expected) => {
    const bytes = Buffer.from(raw);
    expect(read([bytes]).at(-1)).toBe(expected);
    expect(read(bytewise(bytes)).at(-1)).toBe(expected);
  });
});

const name = fc.stringMatching(/^[A-Za-z0-9_. -]{1,40}$/).filter((n) => n !== '.' && n !== '..');
const mode = fc.integer({ min: 0, max: 0o7777 });

describe('properties', () => {
  test('what is written is read, however it is cut', () => {
    const cuts = fc.array(fc.nat({ max: 200 }), { maxLength: 12 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), mode, name, fc.nat(), cuts, (bytes, bits, file, seconds, at) => {
        const head = `T${seconds} 0 ${seconds} 0\nC${bits.toString(8).padStart(4, '0')} ${bytes.length} ${file}\n`;
        const whole = Buffer.concat([Buffer.from(head), bytes, Buffer.from([0])]);
        const bounds = [0, ...at.map((cut) => Math.min(cut, whole.length)).sort((a, b) => a - b), whole.length];
        const pieces = bounds.slice(1).map((end, i) => whole.subarray(bounds[i], end));
        expect(read(pieces)).toEqual([
          { kind: 'times', modifiedAt: seconds * 1000 },
          { kind: 'file', mode: bits, size: bytes.length },
          ...(bytes.length > 0 ? [{ kind: 'content', bytes: Buffer.from(bytes) }] : []),
          { kind: 'ok' },
        ]);
      }),
    );
  });

  test('any bytes are records or a refusal, the same whole and byte by byte, never more content than allowed', () => {
    const lead = fc.constantFrom('', 'C0600 3 a\n', 'T1 0 1 0\n', '\u0001', 'C', 'D');
    fc.assert(
      fc.property(lead, fc.uint8Array({ maxLength: 60 }), (text, noise) => {
        const bytes = Buffer.concat([Buffer.from(text), noise]);
        const records = read([bytes], 10);
        expect(read(bytewise(bytes), 10)).toEqual(records);
        for (const record of records) if (typeof record === 'object' && record.kind === 'content') expect(record.bytes.length).toBeLessThanOrEqual(10);
      }),
    );
  });
});
