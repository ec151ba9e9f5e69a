// file-show and file-list on the router's own file system, and the one file that is not there but every
// router has: /etc/hosts.junos.

import { constants, type Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { element, elementWith, serialise, textAt, type XmlElement } from '../../../xml.ts';
import type { MgdUser } from '../../mgd/mgd.ts';
import { rpcError } from '../netconf/rpc-error.ts';
import { FileRefused, type RouterFiles } from '../scp/router-files.ts';
import { PRIVATE_HOSTS } from './interfaces.ts';

const LARGEST = 1024 * 1024;

/** file-show: the text of one file. */
export async function fileShow(files: RouterFiles, user: string, request: XmlElement): Promise<string> {
  const name = textAt(request, 'filename') ?? '';
  if (name === '/etc/hosts.junos') return content(name, PRIVATE_HOSTS);
  try {
    const file = await files.openInside(files.resolve(user, name), constants.O_RDONLY);
    try {
      const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(LARGEST), position: 0 });
      return content(name, buffer.toString('utf8', 0, bytesRead));
    } finally {
      await file.close();
    }
  } catch (error) {
    const reason = error instanceof FileRefused ? error.message : 'Is a directory';
    return rpcError('operation-failed', `could not open file: ${name}: ${reason}`);
  }
}

function content(name: string, text: string): string {
  // XML 1.0 cannot carry other control characters; the router leaves them out as well.
  return serialise(elementWith('file-content', { filename: name }, `\n${text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '')}`));
}

function fileInformation(name: string, found: Stats | undefined, owner: string): XmlElement {
  const mode = (found?.mode ?? 0) & 0o777;
  const changed = found?.mtimeMs ?? 0;
  return element(
    'file-information',
    element('file-name', name),
    found?.isDirectory() === true ? element('file-directory') : undefined,
    elementWith('file-permissions', { 'junos:format': permissionText(found?.isDirectory() === true, mode) }, mode.toString(8)),
    element('file-owner', owner),
    element('file-group', owner),
    element('file-links', String(found?.nlink ?? 1)),
    element('file-size', String(found?.size ?? 0)),
    elementWith('file-date', { 'junos:format': new Date(changed).toUTCString().slice(5, 22) }, String(Math.floor(changed / 1000))),
  );
}

function permissionText(isFolder: boolean, mode: number): string {
  const bits = [...'rwxrwxrwx'].map((letter, index) => ((mode >> (8 - index)) & 1 ? letter : '-')).join('');
  return (isFolder ? 'd' : '-') + bits;
}

/** file-list: names, sizes, modes and dates in one folder. */
export async function fileList(files: RouterFiles, user: MgdUser, request: XmlElement): Promise<string> {
  const path = textAt(request, 'path') ?? '~';
  const host = files.resolve(user.name, path);
  if ((await files.kind(host).catch(() => 'absent')) !== 'folder') return rpcError('operation-failed', `${path}: No such file or directory`);
  if (!(await files.rights.mayRead(user, host))) return rpcError('operation-failed', `${path}: Permission denied`);
  const names = (await readdir(host)).sort();
  const entries = await Promise.all(
    names.map(async (name) => {
      const found = await stat(join(host, name)).catch(() => undefined);
      return fileInformation(name, found, files.rights.ownerOf(join(host, name)));
    }),
  );
  const shown = files.shown(host);
  const folder = elementWith('directory', { name: shown }, element('directory-name', shown), entries, element('total-files', String(names.length)));
  return serialise(elementWith('directory-list', { 'root-path': `${shown}/` }, folder));
}
