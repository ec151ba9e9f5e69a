// The text of --help. README's command section and the tests quote it.

export const HELP = `usage: qkd-macsec [run | init | rotate] [options]

Rotates MACsec keys on Juniper routers with keys from QKD hardware (ETSI GS QKD 014).

commands
  run       initial configuration where it is missing, then rotation (default;
            what the router's event policy runs)
  init      initial configuration only; changes nothing where it is there
  rotate    rotation only

options
  -i, --inventory FILE  inventory (JSON); default inventory.json in the home folder
      --onbox           this machine is the router: talk to its own mgd
      --offbox          talk to the routers over SSH; default: detected
      --device NAME     only this device (on-box: which device this is); repeatable
      --link NAME       only this link; repeatable
  -t, --threads N       how many routers to talk to at once (off-box)
  -v, --verbose         more log lines: NOTICE is -vv, DEBUG is -vvvv
      --trace, -tr      write a debug log to trace.log in the log folder
      --json            results as one JSON document on standard output
      --dry-run         show what would change, without secrets; draw and commit nothing
  -h, --help            this text
  -V, --version         version and build

exit status
  0  all well, or nothing to do
  1  a link or a device failed
  2  the command line or the inventory is wrong
  3  another run holds the lock
`;
