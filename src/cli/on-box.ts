// Whether this machine is a Juniper router. The tests are PyEZ's: kernel name and release of Junos, the
// Evolved marker file, the product file of containerised Junos.

import { existsSync, readFileSync } from 'node:fs';
import { release, type } from 'node:os';

export function isRouter(): boolean {
  if (type() === 'JUNOS' || release().startsWith('JNPR')) return true;
  if (existsSync('/usr/share/cevo/cevo_version')) return true;
  try {
    return /^model=(crpd|cbng|cmgd)/m.test(readFileSync('/etc/product.conf', 'utf8'));
  } catch {
    return false;
  }
}
