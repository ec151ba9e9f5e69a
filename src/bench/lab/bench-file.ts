// bench.json: what a bench that is left running tells others about itself (design section 6).

import { writeFileAtomically } from '../../atomic-file.ts';
import type { Lab } from './lab.ts';
import { LOGIN } from './topology.ts';

/** Writes `file` (0600: it holds the bench's login password) when everything listens. */
export async function writeBenchFile(file: string, lab: Lab): Promise<void> {
  const document = {
    inventory: lab.inventory,
    artifact: lab.artifact,
    kmes: lab.kmes.kmes.map(({ name, url, caFile }) => ({ name, url, ca_file: caFile })),
    routers: [...lab.routers].map(([name, site]) => ({
      name,
      host: '127.0.0.1',
      ssh_port: site.router.sshPort,
      username: LOGIN,
      password: site.password,
      private_key_file: site.privateKeyFile,
      host_key: site.router.hostKeyFingerprint,
      mgd_socket: site.router.mgdSocket,
      home: site.home,
      launcher: site.launcher,
    })),
  };
  await writeFileAtomically(file, `${JSON.stringify(document, undefined, 2)}\n`, 0o600);
}
