// The compare output against lines seen on routers, groups and inactive statements, and the merge of private
// changes.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { compareLines } from './compare.ts';
import { curlyLines } from './curly-text.ts';
import { effective, withGroupsApplied } from './inheritance.ts';
import { LINES, loadSet, loadText } from './sample-configuration.ts';
import { setLines } from './set-statements.ts';
import { mergeChanges } from './three-way-merge.ts';
import { sameConfiguration } from './tree.ts';

describe('compare', () => {
  const base = loadSet(LINES);
  it.each([
    ['set system host-name r2', ['[edit system]', '-  host-name r1;', '+  host-name r2;']],
    ['set snmp location lab', ['[edit]', '+  snmp {', '+      location lab;', '+  }']],
    ['set groups re1 system host-name r1-re1', ['[edit groups]', '+  re1 {', '+      system {', '+          host-name r1-re1;', '+      }', '+  }']],
    ['set groups re0 system host-name x', ['[edit groups re0 system]', '-   host-name r1-re0;', '+   host-name x;']],
    ['set interfaces et-0/0/1 unit 0 family inet address 10.0.1.1/30', ['[edit interfaces et-0/0/1 unit 0 family inet]', '+       address 10.0.1.1/30;']],
    ['set interfaces et-0/0/1 unit 0 family mpls', ['[edit interfaces et-0/0/1 unit 0]', '+      family mpls;']],
    ['activate interfaces et-0/0/2', ['[edit interfaces]', '!   active: et-0/0/2 { ... }']],
    ['deactivate system host-name', ['[edit system]', '!  inactive: host-name r1;']],
    ['set security macsec interfaces et-0/0/1 apply-macro qkd kme-port 9443', ['[edit security macsec interfaces et-0/0/1 apply-macro qkd]', '-      kme-port 8443;', '+      kme-port 9443;']],
  ])('%s', (line, lines) => {
    expect(compareLines(base, loadSet([line], base))).toEqual(lines);
  });

  it('is empty between two configurations exactly when they say the same', () => {
    const some = fc.subarray(LINES.filter((line) => line.startsWith('set')));
    fc.assert(
      fc.property(some, some, (one, other) => {
        const [from, to] = [loadSet(one), loadSet(other)];
        expect(compareLines(from, to).length === 0).toBe(sameConfiguration(from, to));
        expect(sameConfiguration(loadText(curlyLines(to).join('\n')), to)).toBe(true);
        expect(sameConfiguration(mergeChanges(from, to, from), to)).toBe(true);
        expect(sameConfiguration(mergeChanges(from, from, to), to)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('says nothing when nothing changed', () => {
    expect(compareLines(base, loadSet(LINES, base))).toEqual([]);
  });

  it('marks secrets and shows them as $9$', () => {
    const lines = compareLines(base, loadSet(['set security macsec connectivity-association CA_basic fallback-key cak 00ff'], base));
    expect(lines[2]).toMatch(/^\+ +cak "\$9\$[^"]+"; ## SECRET-DATA$/);
  });
});

describe('groups', () => {
  it('applies them under the configuration, wildcards included', () => {
    const root = loadSet([
      'set groups g interfaces <et-*> mtu 9100', 'set groups g system host-name from-group', 'set groups g system domain-name example.net', 'set apply-groups g',
      'set groups late snmp location lab', 'set system host-name own', 'set interfaces et-0/0/1 disable', 'set interfaces xe-0/0/1 disable', 'set snmp apply-groups late',
    ]);
    expect(setLines(withGroupsApplied(root))).toEqual([
      'set system host-name own', 'set system domain-name example.net', 'set interfaces et-0/0/1 disable', 'set interfaces et-0/0/1 mtu 9100', 'set interfaces xe-0/0/1 disable', 'set snmp location lab',
    ]);
  });

  it('leaves inactive statements and what they emptied out of the effective configuration', () => {
    const root = loadSet(['set interfaces et-0/0/1 mtu 9000', 'deactivate interfaces et-0/0/1', 'set system host-name r']);
    expect(setLines(effective(root))).toEqual(['set system host-name r']);
  });
});

describe('private changes', () => {
  const base = loadSet(['set system host-name r1', 'set interfaces et-0/0/1 mtu 9000', 'set interfaces et-0/0/2 mtu 9000']);

  it('are brought into what others committed', () => {
    const mine = loadSet(['set system host-name mine', 'delete interfaces et-0/0/2', 'set snmp location lab'], base);
    const theirs = loadSet(['set interfaces et-0/0/1 mtu 1500', 'set system domain-name example.net'], base);
    expect(setLines(mergeChanges(base, mine, theirs))).toEqual(['set system host-name mine', 'set system domain-name example.net', 'set interfaces et-0/0/1 mtu 1500', 'set snmp location lab']);
  });

  it('win where both changed one leaf', () => {
    const mine = loadSet(['set system host-name mine'], base);
    expect(setLines(mergeChanges(base, mine, loadSet(['set system host-name theirs'], base)))[0]).toBe('set system host-name mine');
  });
});
