// Spelling suggestions: the usual slips are found, and strangers are not suggested.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestName } from './nearest-name.ts';

const NAMES = ['connectivity_association', 'cipher_suite', 'ckn_prefix', 'master', 'slaves', 'ip', 'kme'];

describe('nearestName', () => {
  it.each([
    ['conectivity_association', 'connectivity_association'],
    ['connectivity-association', 'connectivity_association'],
    ['mastre', 'master'],
    ['MASTER', 'master'],
    ['slave', 'slaves'],
    ['chipher_suite', 'cipher_suite'],
    ['IP', 'ip'],
    ['kmes', 'kme'],
    ['bandwidth', undefined],
    ['zz', undefined],
    ['', undefined],
    ['x'.repeat(100_000), undefined],
  ])('%.30s means %s', (name, meant) => {
    expect(nearestName(name, NAMES)).toBe(meant);
  });

  it('finds every name itself and with two letters swapped', () => {
    fc.assert(
      fc.property(fc.constantFrom(...NAMES), fc.nat(), (name, at) => {
        const i = at % (name.length - 1);
        const swapped = name.slice(0, i) + (name[i + 1] as string) + (name[i] as string) + name.slice(i + 2);
        expect(nearestName(name, NAMES)).toBe(name);
        expect(nearestName(swapped, NAMES)).toBe(name);
      }),
    );
  });
});
