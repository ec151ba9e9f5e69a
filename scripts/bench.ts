// The bench as a process: signals, exit status, where output goes. Its command line is src/bench/lab/bench-command.ts.

import { fileURLToPath } from 'node:url';
import { benchCommand } from '../src/bench/lab/bench-command.ts';
import { UsageError } from '../src/bench/lab/left-running.ts';

const ending = new AbortController();
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
let status: number | undefined;
for (const [name, code] of Object.entries(SIGNALS)) {
  process.once(name, () => {
    status = code;
    ending.abort(new Error(`ended by ${name}`));
  });
}
// A reader that has gone away (`scripts/bench | head`) ends the job like a signal.
process.stdout.on('error', () => ending.abort(new Error('nobody reads the output')));

const own = {
  artifact: fileURLToPath(new URL('../dist/qkd-macsec.js', import.meta.url)),
  self: [process.execPath, ...process.execArgv, fileURLToPath(import.meta.url)],
  signal: ending.signal,
  print: (text: string): void => void process.stdout.write(text),
};

benchCommand(process.argv.slice(2), own).then(
  (done) => process.exit(done),
  (error: Error) => {
    console.error(`bench: ${error.message}`);
    process.exit(status ?? (error instanceof UsageError || error instanceof RangeError ? 2 : 1));
  },
);
