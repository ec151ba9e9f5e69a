// The composition root: the only place that touches argv, the environment, the clock and the exit status.

import { userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandLine } from './cli/command-line.ts';

declare const QKD_MACSEC_VERSION: string | undefined;
declare const QKD_MACSEC_COMMIT: string | undefined;

const version = typeof QKD_MACSEC_VERSION === 'string' ? `${QKD_MACSEC_VERSION} ${String(QKD_MACSEC_COMMIT)}` : 'unbundled';
const user = userInfo();

void commandLine({
  argv: process.argv.slice(2),
  environment: process.env,
  folder: process.cwd(),
  user: { name: user.username, home: user.homedir },
  pid: process.pid,
  version,
  clock: { now: () => Date.now(), sleep: async (milliseconds, signal) => void (await sleep(Math.max(0, milliseconds), undefined, signal ? { signal } : {})) },
  standardOutput: (text) => void process.stdout.write(text),
  standardError: (line) => void process.stderr.write(`${line}\n`),
}).then((status) => {
  // Output to a pipe may still be on its way: leave when it is written, whatever handle is still open.
  process.stdout.write('', () => process.exit(status));
});
