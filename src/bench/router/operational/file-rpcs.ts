// The RPCs behind `file checksum sha-256`, `file delete` and `op`: what an installer needs of a router besides SCP.

import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { rm } from 'node:fs/promises';
import { childrenOf, element, serialise, textAt, type XmlElement } from '../../../xml.ts';
import type { MgdUser } from '../../mgd/mgd.ts';
import { rpcError } from '../netconf/rpc-error.ts';
import { FileRefused, type RouterFiles } from '../scp/router-files.ts';
import { runScript, ScriptRefused, type ScriptRouter } from '../scripts/run-script.ts';

/** get-sha256-checksum-information. */
export async function sha256Checksum(files: RouterFiles, user: MgdUser, request: XmlElement): Promise<string> {
  const path = textAt(request, 'path') ?? '';
  try {
    const host = await readable(files, user, path);
    const file = await files.openInside(host, constants.O_RDONLY);
    const checksum = createHash('sha256').update(await file.readFile().finally(() => file.close())).digest('hex');
    return serialise(element('checksum-information', element('file-checksum', element('computation-method', 'SHA256'), element('input-file', path), element('checksum', checksum))));
  } catch (error) {
    return failed(path, error);
  }
}

/** file-delete, of one file. */
export async function fileDelete(files: RouterFiles, user: MgdUser, request: XmlElement): Promise<string> {
  const path = textAt(request, 'path') ?? '';
  try {
    const host = files.resolve(user.name, path);
    if ((await files.kind(host)) !== 'file') throw new FileRefused('No such file or directory');
    if (!(await files.rights.mayWrite(user, host))) throw new FileRefused('Permission denied');
    await rm(host);
    return '';
  } catch (error) {
    return failed(path, error);
  }
}

async function readable(files: RouterFiles, user: MgdUser, path: string): Promise<string> {
  const host = files.resolve(user.name, path);
  if ((await files.kind(host)) !== 'file') throw new FileRefused('No such file or directory');
  if (!(await files.rights.mayRead(user, host))) throw new FileRefused('Permission denied');
  return host;
}

function failed(path: string, error: unknown): string {
  if (!(error instanceof FileRefused)) throw error;
  return rpcError('operation-failed', `${path}: ${error.message}`);
}

/** op-script: runs the script and hands its output over, standard error included, as the CLI does. */
export async function opScript(router: ScriptRouter, request: XmlElement): Promise<string> {
  const script = textAt(request, 'script') ?? '';
  const given = childrenOf(request, 'argument').map((one) => [textAt(one, 'name') ?? '', textAt(one, 'value') ?? ''] as const);
  // `op qkd-macsec` names the script by its file, with or without the ending.
  const file = script.endsWith('.py') ? script : `${script}.py`;
  try {
    const end = await runScript(router, 'op', { file, arguments: given });
    return serialise(element('output', `\n${end.standardOutput}${end.standardError}`));
  } catch (error) {
    if (!(error instanceof ScriptRefused)) throw error;
    return rpcError('operation-failed', `invalid command: ${error.message}`);
  }
}
