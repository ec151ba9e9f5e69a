// `show log`: a file of /var/log as text. XML knows no more of it than that it is output.

import { constants } from 'node:fs';
import { element, serialise, textAt, type XmlElement } from '../../../xml.ts';
import { rpcError } from '../netconf/rpc-error.ts';
import type { RouterFiles } from '../scp/router-files.ts';

/** get-log: the file named, `messages` unless told. */
export async function logFile(files: RouterFiles, user: string, request: XmlElement): Promise<string> {
  const name = textAt(request, 'filename') ?? 'messages';
  if (!/^[\w.-]{1,64}$/.test(name) || name.startsWith('.')) return rpcError('operation-failed', `could not resolve file: ${name}`);
  try {
    const file = await files.openInside(files.resolve(user, `/var/log/${name}`), constants.O_RDONLY);
    try {
      return serialise(element('output', `\n${await file.readFile('utf8')}`));
    } finally {
      await file.close();
    }
  } catch {
    return rpcError('operation-failed', `could not resolve file: ${name}`);
  }
}
