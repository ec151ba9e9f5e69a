// The installer as a process: argv, environment, output, exit status. Its command line is src/install/install-command.ts.

import { userInfo } from 'node:os';
import { fileURLToPath } from 'node:url';
import { installCommand } from '../src/install/install-command.ts';
import { noLog } from '../src/log.ts';

const { username: name, homedir: home } = userInfo();

void installCommand({
  argv: process.argv.slice(2),
  environment: process.env,
  folder: process.cwd(),
  user: { name, home },
  checkout: { artifact: fileURLToPath(new URL('../dist/qkd-macsec.js', import.meta.url)), junosConfig: fileURLToPath(new URL('../junos-config', import.meta.url)) },
  log: noLog,
  standardOutput: (text) => void process.stdout.write(text),
  standardError: (line) => void process.stderr.write(`${line}\n`),
}).then((status) => (process.exitCode = status));
