// Settings of the certificate lifecycle, with their defaults: the original system's minimum of ten days and its
// check in the first hour of days 1, 6, 11, ..., 31. The same values stand in inventory.schema.json.

import { QkdError } from '../errors.ts';
import type { CertificatesJson } from './inventory-json.ts';
import type { CertificateSettings, CheckWindow } from './inventory.ts';

/** All settings of `system.certificates`; `username` is the login on the routers. Throws `inventory`. */
export function completeCertificates(json: CertificatesJson, username: string): CertificateSettings {
  const minValidDays = json.min_valid_days ?? 10;
  const lifetimeDays = json.lifetime_days ?? 365;
  if (lifetimeDays <= minValidDays) {
    throw new QkdError('inventory', `system.certificates: lifetime_days ${lifetimeDays} is not more than min_valid_days ${minValidDays}: a new certificate would be due at once`, {
      hint: 'choose a longer lifetime',
    });
  }
  const caLifetimeDays = json.ca_lifetime_days ?? 1826;
  if (caLifetimeDays <= lifetimeDays) {
    throw new QkdError('inventory', `system.certificates: ca_lifetime_days ${caLifetimeDays} is not more than lifetime_days ${lifetimeDays}`, { hint: 'choose a CA that outlives what it signs' });
  }
  return {
    minValidDays,
    lifetimeDays,
    caLifetimeDays,
    backdate: json.backdate ?? 3600,
    key: json.key ?? 'rsa-2048',
    subjectAlternativeName: json.subject_alternative_name ?? false,
    window: checkWindow(json),
    retry: json.retry ?? 3600,
    routerFolder: json.router_folder ?? `/var/home/${username}/qkd-macsec/certs`,
  };
}

function checkWindow({ days = [1, 6, 11, 16, 21, 26, 31], from = '00:00', until = '01:00' }: CertificatesJson): CheckWindow {
  const window = { days, from: minutes(from), until: minutes(until) };
  if (window.from < window.until) return window;
  throw new QkdError('inventory', `system.certificates: until ${until} is not later than from ${from}`, { hint: 'choose a window within one day' });
}

function minutes(time: string): number {
  const [hours = '', minute = ''] = time.split(':');
  return Number(hours) * 60 + Number(minute);
}
