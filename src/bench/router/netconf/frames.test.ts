import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frame, FrameReader, FramingError, type Framing } from './frames.ts';

function readAll(bytes: Buffer, cuts: readonly number[], framing: Framing, trailerOptional = false): string[] {
  const reader = new FrameReader({ limit: 10_000, trailerOptional });
  reader.framing = framing;
  const messages: string[] = [];
  let from = 0;
  for (const cut of [...cuts, bytes.length]) {
    if (cut <= from) continue;
    reader.push(bytes.subarray(from, cut));
    from = cut;
    for (let message = reader.next(); message !== undefined; message = reader.next()) messages.push(message.trim());
  }
  return messages;
}

describe('FrameReader', () => {
  it.each<[Framing]>([['end-of-message'], ['chunked']])('%s: messages arrive whole, byte by byte and several in one read', (framing) => {
    const messages = ['<rpc>é</rpc>', '<rpc>]]</rpc>', '<rpc>]]>]]</rpc>'];
    const bytes = Buffer.from(messages.map((message) => frame(message, framing)).join(''));
    const everywhere = Array.from({ length: bytes.length }, (_, index) => index);
    expect(readAll(bytes, [], framing)).toEqual(messages);
    expect(readAll(bytes, everywhere, framing)).toEqual(messages);
  });

  it('messages survive any cut (property)', () => {
    const message = fc.string({ unit: fc.constantFrom('<', ']', '>', 'a', '#', '\n', 'é'), minLength: 1, maxLength: 30 }).map((inner) => `<a>${inner.replaceAll(']]>]]>', '')}</a>`);
    const framing = fc.constantFrom<Framing>('end-of-message', 'chunked');
    const whole = fc.record({ messages: fc.array(message, { maxLength: 5 }), framing, cuts: fc.array(fc.nat(400), { maxLength: 10 }) });
    fc.assert(
      fc.property(whole, ({ messages, framing, cuts }) => {
        const sound = messages.filter((one) => framing === 'chunked' || !`${one}\n`.includes(']]>]]>'));
        const bytes = Buffer.from(sound.map((one) => frame(one, framing)).join(''));
        const sorted = cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b);
        expect(readAll(bytes, sorted, framing)).toEqual(sound);
      }),
      { numRuns: 200 },
    );
  });

  it('several chunks make one message', () => {
    expect(readAll(Buffer.from('\n#4\n<rpc\n#2\n/>\n##\n'), [], 'chunked')).toEqual(['<rpc/>']);
  });

  it.each([
    ['no line feed first', '#4\n<rpc'],
    ['no hash', '\n4\n'],
    ['size 0', '\n#0\n'],
    ['leading zero', '\n#04\nabcd'],
    ['size too long', '\n#99999999999\n'],
    ['size over the limit', '\n#20000\n'],
    ['sum over the limit', `\n#9000\n${'a'.repeat(9000)}\n#9000\n`],
    ['end without chunk', '\n##\n'],
    ['letters', '\n#x\n'],
    ['end-of-message mark', ']]>]]>'],
  ])('chunked framing refuses: %s', (_, text) => {
    expect(() => readAll(Buffer.from(text), [], 'chunked')).toThrow(FramingError);
  });

  it('refuses an endless message', () => {
    expect(() => readAll(Buffer.alloc(10_001, 'a'), [], 'end-of-message')).toThrow(FramingError);
  });

  it('without need-trailer an end tag ends the message', () => {
    expect(readAll(Buffer.from('<rpc><a/></rpc>\n<nc:rpc></nc:rpc >]]>]]>'), [], 'end-of-message', true).filter(Boolean)).toEqual(['<rpc><a/></rpc>', '<nc:rpc></nc:rpc >']);
  });
});
