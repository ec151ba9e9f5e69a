import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPiped } from './cli-pipes.ts';

const LINES = ['alpha', 'Beta ssh', 'gamma', 'delta ntp'];

function through(pipes: string): readonly string[] {
  return readPiped(`show x ${pipes}`).pipes.filters.reduce<readonly string[]>((lines, filter) => filter(lines), LINES);
}

describe('CLI pipes', () => {
  it.each<[string, string[]]>([
    ['| match BETA', ['Beta ssh']],
    ['| match "ssh|ntp"', ['Beta ssh', 'delta ntp']],
    ['| except a$', ['Beta ssh', 'delta ntp']],
    ['| find gamma', ['gamma', 'delta ntp']],
    ['| last 1', ['delta ntp']],
    ['| last', LINES],
    ['| count', ['Count: 4 lines']],
    ['| match a | count', ['Count: 4 lines']],
    ['| no-more', LINES],
  ])('%s', (pipes, expected) => expect(through(pipes)).toEqual(expected));

  it.each([['| resolve', 'resolve'], ['| match', 'match'], ['| match (', '('], ['| match a b', 'b'], ['| last x', 'last'], ['| display json', 'display'], ['| compare x', 'compare'], ['|', '']])('%s is refused', (pipes, word) => {
    expect(() => readPiped(`show x ${pipes}`)).toThrow(new RangeError(word));
  });

  it('displays and comparisons', () => {
    expect(readPiped('show configuration system | display set | no-more')).toMatchObject({ words: ['show', 'configuration', 'system'], pipes: { display: 'set' } });
    expect(readPiped('show configuration | compare rollback 3').pipes.compare).toBe('3');
    expect(readPiped('show configuration | compare').pipes.compare).toBe('0');
    expect(readPiped('show version | display xml rpc').pipes.display).toBe('xml rpc');
  });

  it('any line is read or refused', () => {
    fc.assert(
      fc.property(fc.string(), (line) => {
        try {
          expect(readPiped(line).words).toBeInstanceOf(Array);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });
});
