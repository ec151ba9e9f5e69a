// Until when a device's client certificate is valid, read from its file without anything else: cheap enough
// for every run. What is wrong with a certificate in other ways is certificates/ and kme/own-certificate.ts.

import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { systemReason } from '../atomic-file.ts';
import type { Device } from '../inventory/inventory.ts';

export interface CertificateEnd {
  /** Milliseconds since 1970 UTC; undefined: there is no certificate that can be read. */
  readonly until: number | undefined;
  /** Then why. */
  readonly why?: string;
}

/** Never throws. */
export function certificateEnd(device: Device): CertificateEnd {
  const file = device.kme.certificateFile;
  try {
    const until = Date.parse(new X509Certificate(readFileSync(file)).validTo);
    return Number.isNaN(until) ? { until: undefined, why: `${file} has no end that can be read` } : { until };
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).syscall === undefined ? 'holds no certificate' : systemReason(error);
    return { until: undefined, why: `client certificate ${file}: ${why}` };
  }
}
