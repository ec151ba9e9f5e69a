// UNIX stream sockets of a router: NETCONF for programs "on" the router, and the control socket. Mode 0600.
// A socket's path is limited to about 100 bytes (sun_path), so a deep router folder gets its sockets in a
// short folder of their own.

import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LONGEST_PATH = 100;

export interface UnixListener {
  readonly path: string;
  /** Ends every connection and takes the socket away, until `resume`. */
  suspend(): Promise<void>;
  resume(): Promise<void>;
  close(): Promise<void>;
}

/** Listens at `folder/name`, or under a short temporary folder when that path is too long. */
export async function listenUnix(folder: string, name: string, serve: (socket: Socket) => void): Promise<UnixListener> {
  const wanted = join(folder, name);
  const short = Buffer.byteLength(wanted) > LONGEST_PATH ? await mkdtemp(join(tmpdir(), 'qkd-')) : undefined;
  const path = short === undefined ? wanted : join(short, name);
  await rm(path, { force: true });
  const open = new Set<Socket>();
  // Half-open: a client that has sent its last request and closed its side still gets the reply.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => open.delete(socket));
    serve(socket);
  });
  const resume = async (): Promise<void> => {
    await listening(server, path);
    await chmod(path, 0o600);
  };
  const suspend = async (): Promise<void> => {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  await resume();
  const close = async (): Promise<void> => {
    await suspend();
    if (short !== undefined) await rm(short, { recursive: true, force: true });
  };
  return { path, suspend, resume, close };
}

function listening(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
