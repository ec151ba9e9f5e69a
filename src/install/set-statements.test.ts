import { describe, expect, test } from 'vitest';
import { setStatements } from './set-statements.ts';

const KEY = `ssh-ed25519 ${'A'.repeat(60)}`;

describe('set files, filled in', () => {
  test('comments and empty lines are left out, every placeholder of a line is filled', () => {
    expect(setStatements('# why\n\nset a <x> <y>\n  set b\ndelete c <x>\n', { x: '1', y: 'two-2.0:3' })).toEqual(['set a 1 two-2.0:3', 'delete c 1']);
  });

  test('a line stands once for each value, and not at all for none', () => {
    expect(setStatements('set u <peer> <n>', { peer: ['a', 'b'], n: ['1', '2'] })).toEqual(['set u a 1', 'set u a 2', 'set u b 1', 'set u b 2']);
    expect(setStatements('set u <peer>', { peer: [] })).toEqual([]);
  });

  test.each([
    [`${KEY} mx2@bench`, `set u authentication ssh-ed25519 "${KEY} mx2@bench"`],
    [`ssh-rsa ${'B'.repeat(40)}==`, `set u authentication ssh-rsa "ssh-rsa ${'B'.repeat(40)}=="`],
    [`ecdsa-sha2-nistp256 ${'C'.repeat(40)} me`, `set u authentication ssh-ecdsa "ecdsa-sha2-nistp256 ${'C'.repeat(40)} me"`],
  ])('the statement is named after the type of the key: %s', (key, line) => {
    expect(setStatements('set u authentication ssh-ed25519 <peer-key>', { 'peer-key': key })).toEqual([line]);
  });

  test.each([
    ['a value with a space', 'set u <name>', { name: 'a b' }],
    ['a value with a quote', 'set u <name>', { name: 'a"b' }],
    ['a value with a line break', 'set u <name>', { name: 'a\nset system' }],
    ['no value', 'set u <name>', { name: '' }],
    ['a DSA key', 'set u authentication ssh-ed25519 <a-key>', { 'a-key': 'ssh-dss AAAA me' }],
    ['a key with a quote', 'set u authentication ssh-ed25519 <a-key>', { 'a-key': `${KEY} a"b` }],
    ['a key with a line break', 'set u authentication ssh-ed25519 <a-key>', { 'a-key': `${KEY} a\nset system` }],
    ['words that are no key', 'set u authentication ssh-ed25519 <a-key>', { 'a-key': 'ssh-ed25519' }],
  ])('refused: %s', (_name, text, values) => expect(() => setStatements(text, values)).toThrow(/cannot stand in a Junos statement|takes no SSH key/));

  test('a placeholder without any value given is a fault of ours', () => {
    expect(() => setStatements('set a <x>', {})).toThrow('no value for <x>');
  });
});
