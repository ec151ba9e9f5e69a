import { describe, expect, test } from 'vitest';
import type { Finding } from '../workflow/doctor/finding.ts';
import { doctorScreen } from './doctor-screen.ts';

const clock = (name: string, verdict: Finding['verdict']): Finding => ({ check: 'clock', subject: name, verdict, evidence: verdict, remedy: verdict === 'ok' ? undefined : 'check NTP' });

describe("doctor's screen", () => {
  test('tells every finding of a few routers, without colours unless asked', () => {
    const findings = [clock('mx1', 'ok'), clock('mx2', 'fault')];
    expect(doctorScreen(findings, { colours: false })).toBe('ok           clock and NTP, mx1: ok\nfault        clock and NTP, mx2: fault\n             remedy: check NTP\n\n1 fault, 1 ok\n');
    expect(doctorScreen(findings, { colours: true })).toContain('\u001b[31mfault      \u001b[0m  clock');
  });

  test('counts what is well on a fleet, and tells the rest', () => {
    const fleet = Array.from({ length: 40 }, (_, n) => clock(`mx${n}`, n === 7 ? 'warning' : 'ok'));
    expect(doctorScreen(fleet, { colours: false })).toBe('ok           clock and NTP: 39 of 40\nwarning      clock and NTP, mx7: warning\n             remedy: check NTP\n\n1 warning, 39 ok\n');
  });
});
