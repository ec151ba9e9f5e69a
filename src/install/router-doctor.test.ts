import { describe, expect, test } from 'vitest';
import { opinionOf } from './router-doctor.ts';

const finding = (verdict: string, check = 'node', remedy: string | null = null): object => ({ check, subject: 'mx1', verdict, evidence: `it is\u001b[31m ${verdict}`, remedy });
const output = (findings: readonly object[]): string => `\n${JSON.stringify({ command: 'doctor', findings })}\nwarning: something on standard error\n`;

describe("doctor's words on a router", () => {
  test('what is well is counted, the rest is told, the worst first, safe to print', () => {
    const { lines, faults } = opinionOf('mx1', output([finding('ok'), finding('warning', 'clock', 'set system ntp'), finding('fault', 'kme', 'check the route'), finding('ok')]));
    expect(faults).toBe(1);
    expect(lines).toEqual(['mx1: doctor: 1 fault, 1 warning, 2 ok', '  fault: kme, mx1: it is fault', '    remedy: check the route', '  warning: clock, mx1: it is warning', '    remedy: set system ntp']);
  });

  const refused: [string, string, string, string][] = [
    ['the launcher finds no Node', 'qkd-macsec: no Node 20 or newer: install one', 'mx1: doctor does not run there: qkd-macsec: no Node 20 or newer: install one', 'try on mx1: op qkd-macsec command doctor'],
    ['the program prints an error', 'error: no inventory\nhint: name one', 'mx1: doctor does not run there: no inventory', 'name one'],
    ['its document has an error', JSON.stringify({ command: 'doctor', findings: [], error: { code: 'inventory', message: 'bad', hint: 'mend it' } }), 'mx1: doctor does not run there: bad', 'mend it'],
    ['nothing', '\n', 'mx1: doctor does not run there: it printed nothing', 'try on mx1: op qkd-macsec command doctor'],
    ['half a document', '{"command":"doctor","findings":[', 'mx1: doctor does not run there: {"command":"doctor","findings":[', 'try on mx1: op qkd-macsec command doctor'],
  ];
  test.each(refused)('is an error when %s', (_name, text, message, hint) => {
    expect(() => opinionOf('mx1', text)).toThrow(expect.objectContaining({ message, hint }));
  });
});
