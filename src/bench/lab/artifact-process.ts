// Runs the artifact as its own process, the way a router's event policy or an operator does, and reads
// what it prints with --json.

import { spawn } from 'node:child_process';

export interface ArtifactLink {
  readonly link: string;
  readonly device: string;
  readonly role: string;
  readonly outcome: string;
  readonly reason: string;
  readonly key_id: string | null;
  readonly ckn: string | null;
  readonly start_time: string | null;
  readonly mka: string | null;
  readonly error: { readonly code: string; readonly message: string; readonly hint: string | null } | null;
}

export interface ArtifactRun {
  readonly status: number | null;
  readonly links: readonly ArtifactLink[];
  readonly standardOutput: string;
  readonly standardError: string;
  readonly seconds: number;
}

/** Starts `argv`, waits for its end (killed with SIGKILL after `limitSeconds`, or when `signal` says so) and reads its JSON document. */
export async function runArtifact(argv: readonly string[], limitSeconds = 120, signal?: AbortSignal): Promise<ArtifactRun> {
  const started = Date.now();
  const [program = '', ...rest] = argv;
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = (): void => void child.kill('SIGKILL');
  const timer = setTimeout(kill, limitSeconds * 1000);
  signal?.addEventListener('abort', kill);
  if (signal?.aborted === true) kill();
  let [standardOutput, standardError] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (standardOutput += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (standardError += text));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  clearTimeout(timer);
  signal?.removeEventListener('abort', kill);
  return { status, links: linksOf(standardOutput), standardOutput, standardError, seconds: (Date.now() - started) / 1000 };
}

function linksOf(output: string): ArtifactLink[] {
  try {
    return (JSON.parse(output) as { links: ArtifactLink[] }).links;
  } catch {
    return [];
  }
}
