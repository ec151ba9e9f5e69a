import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { differenceWithoutSecretData, withoutSecretData } from './secret-data.ts';

describe('error texts', () => {
  it.each([
    ['syntax error', 'syntax error'],
    ['bad value $9$abc/DEF.ghi-1 here', 'bad value [secret] here'],
    ['bad value "$8$aes256-gcm$hmac$x"', 'bad value "[secret]"'],
    ["ckn: 'abcde': Must be an even-length string", "ckn: 'abcde': Must be an even-length string"],
    ["cak: 'abcde': Must be a hexadecimal string", 'cak: [secret]: Must be a hexadecimal string'],
    ['cak 00ff', 'cak [secret]'],
    ['value 00112233445566778899aabbccddeeff', 'value [secret]'],
    ['required for static-cak mode', 'required for static-cak mode'],
    ['May not be configured with pre-shared-key', 'May not be configured with pre-shared-key'],
  ])('%s', (text, expected) => {
    expect(withoutSecretData(text)).toBe(expected);
  });
});

describe('lines of a comparison', () => {
  it.each([
    ['+  cak "$9$x"; ## SECRET-DATA', '+  cak [secret]; ## SECRET-DATA'],
    ['+  cak 00112233445566778899aabbccddeeff;', '+  cak [secret];'],
    ['-  secret "$9$x" ## SECRET-DATA', '-  secret [secret] ## SECRET-DATA'],
    ['+  some-new-leaf value; ## SECRET-DATA', '+  some-new-leaf [secret]; ## SECRET-DATA'],
    ['+  key 0 { secret "$9$x"; } ## SECRET-DATA', '+  key 0 { secret [secret]; [secret] ## SECRET-DATA'],
    ['+  ckn 00112233445566778899aabbccddeeff;', '+  ckn 00112233445566778899aabbccddeeff;'],
    ['+  cipher-suite gcm-aes-xpn-256;', '+  cipher-suite gcm-aes-xpn-256;'],
  ])('%s', (line, expected) => {
    expect(differenceWithoutSecretData(line)).toBe(expected);
  });
});

test('a key never survives, wherever Junos puts it', () => {
  const key = fc.stringMatching(/^[0-9a-f]{16,64}$/);
  const place = fc.constantFrom('cak %', 'cak "%"; ## SECRET-DATA', "cak: '%'", 'secret %;', '+ secret "$9$%"', 'x "$8$%"', 'leaf %; ## SECRET-DATA');
  fc.assert(
    fc.property(key, place, (bytes, template) => {
      const line = template.replace('%', bytes);
      expect(differenceWithoutSecretData(line)).not.toContain(bytes);
      expect(withoutSecretData(line)).not.toContain(bytes);
    }),
  );
});
