// The composition root: the only place that touches argv, the environment, the clock and the exit status.

import { commandLine } from './cli/command-line.ts';
import { currentUser } from './cli/current-user.ts';
import { writtenTo } from './cli/standard-output.ts';
import { sleep } from './clock.ts';

declare const QKD_MACSEC_VERSION: string | undefined, QKD_MACSEC_COMMIT: string | undefined;
const version = typeof QKD_MACSEC_VERSION === 'string' ? `${QKD_MACSEC_VERSION} ${String(QKD_MACSEC_COMMIT)}` : 'unbundled';
// Whoever reads our output may stop reading (`| head`): that must not end a rotation half-way.
const errorStream = (): NodeJS.WriteStream => (process.stderr.listenerCount('error') > 0 ? process.stderr : process.stderr.on('error', () => undefined));
const standardError = (line: string): void => void errorStream().write(`${line}\n`);
let lost: NodeJS.ErrnoException | undefined;

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
  pid: process.pid, version, artifact: process.argv[1], stopping: stop.signal,
  get outputIsTerminal() { return process.stdout.isTTY; },
  clock: { now: () => Date.now(), sleep },
  get terminal() { return errorStream().isTTY && process.env['TERM'] !== 'dumb' ? { columns: () => process.stderr.columns, rows: () => process.stderr.rows, write: (text: string) => void process.stderr.write(text) } : undefined; },
  standardOutput: (text) => void (lost ??= writtenTo(text)),
  standardError,
}).then((status) => {
  // Leave at once, whatever handle is still open: results are written, and on Linux and BSD so is standard error.
  if (lost === undefined || lost.code === 'EPIPE') process.exit(process.exitCode ?? status);
  standardError(`error: results not written: ${lost.message}`);
  process.exit(process.exitCode ?? Math.max(status, 1));
});
