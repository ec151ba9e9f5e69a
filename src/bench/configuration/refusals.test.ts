// What a load refuses, with the texts of Junos; no text, however damaged, ends in an exception.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Finding } from './change.ts';
import { curlyLines, readCurlyText } from './curly-text.ts';
import { FULL, loadSet, loadText, time } from './sample-configuration.ts';
import { readSetLine, setLines } from './set-statements.ts';
import { EMPTY_CONFIGURATION } from './tree.ts';
import { quoted, words } from './words.ts';

describe('refusals', () => {
  it.each([
    ['set foo bar', 'syntax error', 'foo', []],
    ['set security macsec foo', 'syntax error', 'foo', ['security', 'macsec']],
    ['set security macsec connectivity-association CA security-mode other', 'syntax error', 'other', ['security', 'macsec', 'connectivity-association', 'CA']],
    ['set security macsec connectivity-association CA pre-shared-key ckn abcde', "ckn: 'abcde': Must be an even-length string up to 64 hexadecimal digits (0-9, a-f, A-F)", 'ckn', undefined],
    [`set security macsec connectivity-association CA pre-shared-key ckn ${'a'.repeat(65)}`, 'Length 65 is not within range (1..64)', 'ckn', undefined],
    [`set security macsec connectivity-association CA pre-shared-key cak ${'a'.repeat(65)}`, 'Length 65 is not within range (1..64)', 'cak', undefined],
    // A $9$ text with something else behind it is named as it was given.
    ['set security macsec connectivity-association CA pre-shared-key cak "$9$aJGi.TzF9tOfTRSeKx7"', "cak: '$9$aJGi.TzF9tOfTRSeKx7': Must be a string up to 64 hexadecimal digits (0-9, a-f, A-F)", 'cak', undefined],
    ['set security macsec connectivity-association CA mka transmit-interval 10', 'Value 10 is not within range (2000..6000)', 'transmit-interval', undefined],
    [`set security macsec connectivity-association ${'n'.repeat(33)} mka`, 'Length 33 is not within range (1..32)', 'connectivity-association', undefined],
    ['set security authentication-key-chains key-chain C key 64 secret aa', 'Value 64 is not within range (0..63)', 'key', undefined],
    ['set security authentication-key-chains key-chain C key 1 start-time soon', "Invalid time: 'soon'", 'start-time', undefined],
    ['set event-options generate-event E time-interval 59', 'Value 59 is not within range (60..2592000)', 'time-interval', undefined],
    ['set interfaces et-0/0/1 unit 0 family inet address 10.0.0.300/24', 'invalid ip address or hostname: 10.0.0.300/24', 'address', undefined],
    ['set system host-name', 'missing argument', 'host-name', ['system']],
    ['set interfaces et-0/0/1 mtu many', "Invalid numeric value: 'many'", 'mtu', undefined],
    ['set system login message "no end', 'syntax error', 'unterminated string', undefined],
    ['show configuration', 'unknown command', 'show', undefined],
    ['set', 'syntax error', 'set', undefined],
  ])('%s', (line, message, badElement, path) => {
    const findings: Finding[] = [];
    expect(loadSet([line], EMPTY_CONFIGURATION, findings)).toBe(EMPTY_CONFIGURATION);
    expect(findings).toMatchObject([{ severity: 'error', message, badElement, ...(path === undefined ? {} : { path }) }]);
  });

  it('keeps the good statements of a text with a bad one', () => {
    const findings: Finding[] = [];
    expect(setLines(loadText('system { host-name r9; bogus { a { b; } } } snmp { location lab; }', EMPTY_CONFIGURATION, findings))).toEqual(['set system host-name r9', 'set snmp location lab']);
    expect(findings).toMatchObject([{ message: 'syntax error', badElement: 'bogus', path: ['system'] }]);
  });

  it.each(['system {', 'system { host-name x', '}', 'system { host-name "x', '/* never ends', 'system }', ';;'])('text %j is refused without an exception', (text) => {
    const findings: Finding[] = [];
    readCurlyText(text, time, findings);
    expect(findings.length).toBeGreaterThan(0);
  });

  it('never throws on any text, byte by byte', () => {
    const text = curlyLines(FULL).join('\n');
    for (let end = 0; end < text.length; end += 7) readCurlyText(text.slice(0, end), time, []);
    fc.assert(fc.property(fc.string(), (anything) => void readCurlyText(anything, time, [])));
    fc.assert(fc.property(fc.string(), (anything) => void readSetLine(`set ${anything}`, time, [])));
  });

  it('quotes so that it reads itself', () => {
    fc.assert(fc.property(fc.string({ minLength: 1 }), (value) => void expect(words(quoted(value))).toMatchObject([{ text: value }])));
  });
});
