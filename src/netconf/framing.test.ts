import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { chunkedFixture, decodeInPieces, fixture, fixtureNames, fixtureText } from './fixture-replies.ts';
import { FrameDecoder, encodeMessage, type Framing } from './framing.ts';

function decodeAll(framing: Framing, bytes: Buffer, limit?: number): string[] {
  const decoder = new FrameDecoder(limit);
  if (framing === 'chunked') decoder.useChunked();
  decoder.push(bytes);
  const messages: string[] = [];
  for (let message = decoder.next(); message !== undefined; message = decoder.next()) messages.push(message.toString('utf8'));
  return messages;
}

describe('recorded replies', () => {
  const complete = fixtureNames().filter((name) => fixture(name).includes(']]>]]>'));

  it.each(complete)('%s comes out whole when it arrives byte by byte', (name) => {
    expect(decodeInPieces(fixture(name), 1)).toEqual([fixtureText(name)]);
  });

  it.each(complete)('%s comes out whole in chunked framing byte by byte', (name) => {
    expect(decodeInPieces(chunkedFixture(name), 1, 'chunked')).toEqual([fixtureText(name)]);
  });
});

describe('round trip', () => {
  const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }).filter((t) => !t.includes(']]>]]>'));
  const framing = fc.constantFrom<Framing>('end-of-message', 'chunked');

  test('any messages come out as they went in, however the stream is cut', () => {
    fc.assert(
      fc.property(framing, fc.array(text, { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 40 }), (kind, messages, size) => {
        // `]]>` + `]]>...` across a message's end would end it early: XML never ends that way.
        const sent = messages.map((message) => `${message}>`);
        const bytes = Buffer.concat(sent.map((message) => encodeMessage(message, kind)));
        expect(decodeInPieces(bytes, size, kind)).toEqual(sent);
      }),
      { numRuns: 300 },
    );
  });

  test('a message may come in any number of chunks', () => {
    fc.assert(
      fc.property(text, fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 9 }), (message, sizes) => {
        const bytes = Buffer.from(message);
        const parts: Buffer[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
          const part = bytes.subarray(at, at + (sizes[turn % sizes.length] ?? 1));
          parts.push(Buffer.from(`\n#${part.length}\n`), part);
          at += part.length;
        }
        expect(decodeInPieces(Buffer.concat([...parts, Buffer.from('\n##\n')]), 3, 'chunked')).toEqual([message]);
      }),
      { numRuns: 200 },
    );
  });

  test('arbitrary bytes give messages or a refusal, and nothing else', () => {
    fc.assert(
      fc.property(framing, fc.uint8Array({ maxLength: 300 }), (kind, bytes) => {
        try {
          decodeAll(kind, Buffer.from(bytes), 100);
        } catch (error) {
          expect(error).toMatchObject({ code: 'netconf-protocol' });
        }
      }),
      { numRuns: 500 },
    );
  });
});

test('bytes after the hello are taken as chunks once chunked framing is on', () => {
  const decoder = new FrameDecoder();
  decoder.push(Buffer.concat([Buffer.from('<hello/>]]>]]>'), encodeMessage('<rpc-reply/>', 'chunked')]));
  expect(decoder.next()?.toString()).toBe('<hello/>');
  decoder.useChunked();
  expect(decoder.next()?.toString()).toBe('<rpc-reply/>');
  expect(decoder.rest()).toHaveLength(0);
});

test('an unfinished message can be looked at', () => {
  const decoder = new FrameDecoder();
  decoder.push(Buffer.from('error: Restricted'));
  expect(decoder.next()).toBeUndefined();
  expect(decoder.rest().toString()).toBe('error: Restricted');
});

describe('refused chunked framing', () => {
  it.each([
    ['no line feed first', 'x'],
    ['end-of-message framing instead', '<rpc-reply/>]]>]]>'],
    ['no hash', '\nx'],
    ['a size of zero', '\n#0\n'],
    ['a leading zero', '\n#05\nhello'],
    ['a negative size', '\n#-1\n'],
    ['a sign', '\n#+5\nhello'],
    ['a hexadecimal size', '\n#0x5\nhello'],
    ['a space before the size', '\n# 5\nhello'],
    ['a space after the size', '\n#5 \nhello'],
    ['a carriage return', '\n#5\r\nhello'],
    ['eleven digits', '\n#12345678901\n'],
    ['a size over the limit', '\n#4294967295\n'],
    ['end of chunks without a chunk', '\n##\n'],
    ['something behind the end of chunks', '\n#1\na\n##x'],
    ['a chunk that is longer than its size', '\n#2\nabc'],
    ['text between two messages', '\n#1\na\n##\n \n#1\nb\n##\n'],
    ['chunks that are too long together', `${'\n#60\n'.padEnd(65, 'a')}${'\n#60\n'.padEnd(65, 'a')}`],
  ])('%s', (_, stream) => {
    expect(() => decodeAll('chunked', Buffer.from(stream), 100)).toThrow(expect.objectContaining({ code: 'netconf-protocol' }));
  });

  it('a header that does not end is refused before it is long', () => {
    const decoder = new FrameDecoder();
    decoder.useChunked();
    decoder.push(Buffer.from('\n#1234567890'));
    expect(decoder.next()).toBeUndefined();
    decoder.push(Buffer.from('1'));
    expect(() => decoder.next()).toThrow('framing: chunk size');
  });
});

describe('refused end-of-message framing', () => {
  it('a message over the limit, whether it ends or not', () => {
    expect(() => decodeAll('end-of-message', Buffer.from(`${'a'.repeat(101)}]]>]]>`), 100)).toThrow('longer than 100 bytes');
    expect(() => decodeAll('end-of-message', Buffer.from('a'.repeat(200)), 100)).toThrow('longer than 100 bytes');
    expect(decodeAll('end-of-message', Buffer.from(`${'a'.repeat(100)}]]>]]>`), 100)).toHaveLength(1);
  });

  it('a message of ours that holds the end-of-message sequence is a fault of ours', () => {
    expect(() => encodeMessage('a]]>]]>b', 'end-of-message')).toThrow(TypeError);
    expect(() => encodeMessage('', 'chunked')).toThrow(TypeError);
  });
});
