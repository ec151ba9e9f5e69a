// For tests: the settings of system.certificates as they are without any, with quicker keys.

import type { CertificateSettings } from '../inventory/inventory.ts';
import { completeCertificates } from '../inventory/certificates.ts';

export function testSettings(changes: Partial<CertificateSettings> = {}): CertificateSettings {
  return { ...completeCertificates({ key: 'ec-p256' }, 'qkd'), ...changes };
}
