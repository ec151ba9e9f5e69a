import { describe, expect, it } from 'vitest';
import { completeCertificates } from './certificates.ts';

describe('system.certificates', () => {
  it("has the original system's schedule and minimum as defaults", () => {
    expect(completeCertificates({}, 'qkd')).toMatchObject({ minValidDays: 10, lifetimeDays: 365, caLifetimeDays: 1826, window: { days: [1, 6, 11, 16, 21, 26, 31], from: 0, until: 60 }, routerFolder: '/var/home/qkd/qkd-macsec/certs' });
  });

  it('reads a window to the minute', () => {
    expect(completeCertificates({ from: '23:05', until: '23:59', days: [2] }, 'qkd').window).toEqual({ days: [2], from: 23 * 60 + 5, until: 23 * 60 + 59 });
  });

  it.each([
    ['a window that ends before it begins', { from: '02:00', until: '01:00' }, /until 01:00 is not later than from 02:00/],
    ['an empty window', { from: '01:00', until: '01:00' }, /is not later than/],
    ['a lifetime within the minimum', { lifetime_days: 10 }, /lifetime_days 10 is not more than min_valid_days 10/],
    ['a CA that would be renewed at once', { ca_lifetime_days: 365 }, /ca_lifetime_days 365 is not more than lifetime_days 365/],
  ])('refuses %s', (_name, json, reason) => {
    expect(() => completeCertificates(json, 'qkd')).toThrow(reason);
  });
});
