// What stands for /usr/bin/logger on a router of the bench, for the programs that run there.

const LOGGER = `printf '%s  qkd-macsec: %s\\n' "$(date '+%b %e %H:%M:%S')" "$2" >> "$1"`;

/** The command that writes its last argument as one line into `messages`, the router's syslog file. */
export function syslogCommand(messages: string): string[] {
  return ['/bin/sh', '-c', LOGGER, 'logger', messages];
}
