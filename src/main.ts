// The composition root: the only place that touches argv, the environment, the clock and the exit status.

import { setTimeout as sleep } from 'node:timers/promises';
import { commandLine } from './cli/command-line.ts';
import { currentUser } from './cli/current-user.ts';

declare const QKD_MACSEC_VERSION: string | undefined, QKD_MACSEC_COMMIT: string | undefined;
const version = typeof QKD_MACSEC_VERSION === 'string' ? `${QKD_MACSEC_VERSION} ${String(QKD_MACSEC_COMMIT)}` : 'unbundled';
const standardError = (line: string): void => void process.stderr.write(`${line}\n`);

// Whoever reads our output may stop reading (`| head`): that must not end a rotation half-way.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
// The first signal asks for an end in good order, the second does not wait for it.
const stop = new AbortController();
for (const [signal, number] of Object.entries({ SIGHUP: 1, SIGINT: 2, SIGTERM: 15 })) {
  process.on(signal, () => {
    if (stop.signal.aborted) process.exit();
    stop.abort(signal);
    process.exitCode = 128 + number;
  });
}

void commandLine({
  argv: process.argv.slice(2),
  environment: process.env, folder: process.cwd(),
  user: currentUser(process.cwd()),
  pid: process.pid, version, artifact: process.argv[1], outputIsTerminal: process.stdout.isTTY,
  clock: { now: () => Date.now(), sleep: async (milliseconds, signal) => void (await sleep(Math.max(0, milliseconds), undefined, signal ? { signal } : {})) },
  stopping: stop.signal, terminal: process.stderr.isTTY ? { columns: () => process.stderr.columns, write: (text) => void process.stderr.write(text) } : undefined,
  standardOutput: (text) => void process.stdout.write(text),
  standardError,
}).then((status) => {
  // Output to a pipe may still be on its way: leave when it is written, whatever handle is still open.
  process.stdout.write('', () => {
    const lost = process.stdout.errored as NodeJS.ErrnoException | null;
    if (lost === null || lost.code === 'EPIPE') process.exit(process.exitCode ?? status);
    standardError(`error: results not written: ${lost.message}`);
    process.exit(process.exitCode ?? Math.max(status, 1));
  });
});
