// The text of --help. README's command section and the tests quote it.

export const HELP = `usage: qkd-macsec [run | init | rotate | certs ACTION | status | doctor] [options]

Rotates MACsec keys on Juniper routers with keys from QKD hardware (ETSI GS QKD 014).

commands
  run           certificates when due, initial configuration where it is missing,
                then rotation (default; what the router's event policy runs)
  init          initial configuration only; changes nothing where it is there
  rotate        rotation only
  certs check   the client certificates and what is wrong with them
  certs renew   renews those that are due; with --force all
  certs ca      makes, fetches or shows the CA of the inventory
  certs export  what the KME's operator needs: CA certificate, SAE IDs
  status        is it working: keys, MKA, KME, clock, certificate of every link
  doctor        checks what could keep it from working, with remedies

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
      --force           certs renew: also what is still valid; certs ca: a new CA
      --output DIR      certs export: folder to write to
      --profile FILE    write where the time went, one JSON object a line
      --metrics FILE    write metrics as a Prometheus text file
      --shard I/N       only the I-th of N parts of the links (off-box)
      --heard-ckn HEX   an unknown CKN that the router has logged: repair now, draw no key
      --kme             doctor: the KMEs in detail; with --draw one key each way
  -h, --help            this text
  -V, --version         version and build

exit status
  0  all well, or nothing to do
  1  a link or a device failed
  2  the command line or the inventory is wrong
  3  another run holds the lock
`;
