// `/usr/sbin/cli xml-mode netconf need-trailer` as a program: an executable that joins its standard input
// and output to the router's NETCONF socket, as the CLI joins them to mgd. Written when a router starts.
// Like the real one it knows the user by the login of the process, here by the socket it is given.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Writes `folder/cli`; returns its path. `socket` is the NETCONF socket. */
export async function writeCliRelay(folder: string, socket: string, node: string): Promise<string> {
  const path = join(folder, 'cli');
  await writeFile(path, program(socket, node), { mode: 0o700 });
  return path;
}

/** The relay inherits the data limit of an event script, in which Node 24 does not start otherwise. */
const FLAGS = Number(process.versions.node.split('.')[0]) > 22 ? ' --jitless' : '';

function program(socket: string, node: string): string {
  // "exec" by absolute path: an event policy's environment has no PATH worth the name. The JavaScript
  // stands behind a shell line that is also JavaScript, so that any file name will do.
  return `#!/bin/sh
':' //; exec ${shellWord(node)}${FLAGS} "$0" "$@"
'use strict';
const net = require('node:net');
const words = process.argv.slice(2).join(' ');
if (words !== 'xml-mode netconf need-trailer' && words !== 'xml-mode netconf' && words !== 'netconf') {
  process.stderr.write('error: this cli speaks xml-mode netconf need-trailer only\\n');
  process.exitCode = 1;
} else {
  const socket = net.connect({ path: ${JSON.stringify(socket)}, allowHalfOpen: true });
  socket.on('error', (error) => {
    process.stderr.write('error: could not connect to mgd: ' + error.message + '\\n');
    process.exitCode = 1;
    process.stdin.destroy();
  });
  process.stdout.on('error', () => socket.destroy());
  process.stdin.pipe(socket);
  socket.pipe(process.stdout);
  socket.on('end', () => { socket.end(); process.stdin.destroy(); });
}
`;
}

function shellWord(text: string): string {
  return `'${text.replace(/'/g, `'\\''`)}'`;
}
