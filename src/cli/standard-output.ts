// Writing results to standard output at once, by its file descriptor: process.stdout first loads Node's streams and
// sockets, a tenth of what `--help` takes. What is written stays in order, and nothing is left to be flushed at the end.

import { writeSync } from 'node:fs';

const STANDARD_OUTPUT = 1;
const PAUSE_MILLISECONDS = 10;

/** Writes all of `text`. The error of a reader that is gone, or of a disk that is full; undefined when all is written. */
export function writtenTo(text: string, descriptor = STANDARD_OUTPUT): NodeJS.ErrnoException | undefined {
  let left = Buffer.from(text);
  while (left.length > 0) {
    try {
      left = left.subarray(writeSync(descriptor, left));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return error as NodeJS.ErrnoException;
      // A full pipe that somebody else has set not to block.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MILLISECONDS);
    }
  }
  return undefined;
}
