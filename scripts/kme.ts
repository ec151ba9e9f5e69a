// KMEs as a process: signals, exit status, where output goes. The command line is src/bench/kme/kme-command.ts.

import { KmeUsageError } from '../src/bench/kme/kme-folder.ts';
import { kmeCommand } from '../src/bench/kme/kme-command.ts';

const ending = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => ending.abort());
// Nobody reads any more (`scripts/kme | head`): serve on, in silence.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const own = {
  environment: process.env,
  signal: ending.signal,
  print: (text: string): void => void process.stdout.write(text),
  warn: (text: string): void => void process.stderr.write(text),
};

kmeCommand(process.argv.slice(2), own).then(
  (status) => process.exit(status),
  (error: Error) => {
    console.error(`kme: ${error.message}`);
    process.exit(error instanceof KmeUsageError ? 2 : 1);
  },
);
