// NETCONF to the local mgd over the pipes of a child process, by default
// `/usr/sbin/cli xml-mode netconf need-trailer`: no login, no port; the UNIX user decides the login class.
// The child gets a fixed environment, so that no secret of ours is ever visible in it.

import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { userInfo } from 'node:os';
import { QkdError, oneLine } from '../../errors.ts';
import { withoutSecretData } from '../secret-data.ts';
import { sessionEnded, type NetconfTransport } from './transport.ts';

const MAX_STDERR = 4096;
/** Milliseconds that a child whose output ended gets to say how it ended, and that SIGTERM gets to work. */
const GRACE = 500;

/** Starts `argv` and resolves when it runs. Throws netconf-closed with a hint when it cannot be started. */
export async function openChildProcess(argv: readonly string[]): Promise<NetconfTransport> {
  const [program = '', ...rest] = argv;
  if (program === '') throw new QkdError('netconf-closed', 'no command to reach mgd with', { hint: 'set system.netconf.mgd_command in the inventory' });
  let child: ChildProcessWithoutNullStreams;
  try {
    child = spawn(program, rest, { stdio: 'pipe', env: environment(), cwd: '/' });
    await once(child, 'spawn');
  } catch (error) {
    throw cannotStart(program, error);
  }
  return new ChildProcessTransport(program, child);
}

class ChildProcessTransport implements NetconfTransport {
  readonly name: string;
  readonly readable;
  readonly writable;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #exited: Promise<string>;
  #stderr = '';

  constructor(program: string, child: ChildProcessWithoutNullStreams) {
    this.name = program;
    this.readable = child.stdout;
    this.writable = child.stdin;
    this.#child = child;
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(0, MAX_STDERR);
    });
    child.on('error', () => undefined);
    this.#exited = new Promise((resolve) => {
      child.once('exit', (status, signal) => resolve(signal === null ? `exit status ${status}` : `killed by ${signal}`));
    });
  }

  async whyEnded(): Promise<QkdError> {
    const how = (await this.#exitWithin(GRACE)) ?? 'closed its output';
    const said = oneLine(withoutSecretData(this.#stderr));
    return sessionEnded(`the command ended, ${how}${said === '' ? '' : `: ${said}`}`);
  }

  async close(): Promise<void> {
    this.#child.stdin.destroy();
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGTERM');
      if ((await this.#exitWithin(GRACE)) === undefined) this.#child.kill('SIGKILL');
      await this.#exitWithin(GRACE);
    }
    // A grandchild may hold the pipes open after the child is gone.
    this.#child.stdout.destroy();
    this.#child.stderr.destroy();
  }

  async #exitWithin(milliseconds: number): Promise<string | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const expired = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), milliseconds);
    });
    try {
      return await Promise.race([this.#exited, expired]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** What a login would set and `cli` looks at, from the user database instead of our own environment. */
function environment(): Record<string, string> {
  const fixed = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C', TERM: 'dumb' };
  try {
    const { username, homedir } = userInfo();
    return { ...fixed, USER: username, LOGNAME: username, HOME: homedir };
  } catch {
    return fixed;
  }
}

function cannotStart(program: string, error: unknown): QkdError {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  const hints: Record<string, string> = {
    ENOENT: 'set system.netconf.mgd_command or system.netconf.mgd_socket in the inventory, or run off-box',
    EACCES: 'let the user who runs qkd-macsec execute it',
  };
  return new QkdError('netconf-closed', `cannot start ${oneLine(program)}: ${code}`, { hint: hints[code], cause: error });
}
