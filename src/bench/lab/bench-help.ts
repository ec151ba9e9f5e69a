// What `scripts/bench --help` and `scripts/bench fault --help` print.

import { faultHelp } from '../fault-fields.ts';
import { KME_FAULTS } from '../kme/faults.ts';
import { ROUTER_FAULTS } from '../router/faults/fault.ts';
import { USUAL_PHASES } from './phases.ts';
import { LEGEND } from './table.ts';

export const HELP = `usage: scripts/bench [--method METHOD] [--rotations N] [SHAPE]
                                                       main job: rotate keys, check, print a table; first by
                                                       pre-shared-key, then, moved live, by key-chain; at the
                                                       same time --phases
       scripts/bench --phases | --phase P ...          rotate by key-chain with the timers of a link's ends P %
                                                       of an interval apart; --phases: ${USUAL_PHASES.join(', ')}
       scripts/bench --crashes                         kill runs (SIGKILL) after every step that others can see, and
                                                       see that ordinary runs bring the link in order; minutes
       scripts/bench --offbox [--routers N] [--faulty] one run of the program on a management host over N routers in
                                                       processes of their own, default 50: time, memory, work per
                                                       router by a bare login; --faulty: 30 % of them broken
       scripts/bench up --dir DIR [--method METHOD] [SHAPE]
                                                       leave a bench running; writes DIR/bench.json
       scripts/bench fault --dir DIR NAME JSON         switch a fault of a router or KME on
       scripts/bench fault --dir DIR NAME list         those that are on, with their numbers
       scripts/bench fault --dir DIR NAME clear [N]    switch one off, or all
       scripts/bench fault --help                      the faults there are
       scripts/bench down --dir DIR                    end it
       scripts/bench --inventory FILE [--rotations N]  the same rounds against the routers of an inventory

SHAPE: --routers N                      default 2
       --topology pairs|chain|star      pairs: a link each; chain: the middle ones have two links; star: one
                                        link, mx1 its master, all others slaves (by key-chain unless told:
                                        with pre-shared-key some end is without the others' key between the
                                        commits); default pairs
       --clock-offset NAME=SECONDS      a router's clock ahead (negative: behind); repeatable
       --routing-engines 1|2            of every router; with two, re0 is master until the fault switchover, and each has its
                                        files in DIR/NAME/re0 and DIR/NAME/re1, its launcher among them; default 1
       --kme URL,URL --pki DIR          KMEs that run elsewhere in place of the bench's own: the first serves mx1,
                                        mx3, ..., the second mx2, mx4, ...; DIR has root.crt and mx1.crt, mx1.key, ...
                                        (scripts/kme pki makes them); goes with --phases too. The main job then takes its
                                        phases last, and says so when it leaves them out because DIR has no
                                        certificates for mx1 to mx8
METHOD: pre-shared-key or key-chain, of every link; up: key-chain unless told; main job: both unless told
--rotations N: keys after the first, by each method; default 3

up writes DIR/kme.env and kme_002.env (0600) as well: the environment block, ETSI_014_REF_IMPL_* and DATABASE_*, with which
the ETSI-014 reference implementation starts in place of kme1 and kme2, after a fault {"kind": "down"} has freed their
ports; its certificates are in DIR/pki as kme_001.crt, kme_001.key, ..., root.crt.

${LEGEND}`;

export const FAULT_HELP = `usage: scripts/bench fault --dir DIR NAME '{"kind": KIND, FIELD: VALUE, ...}'
Fields in brackets may be left out. Every fault lasts until it is cleared; "times": N switches it off after N
uses, where a fault has uses (not: down, unreachable, fibre-cut, clock-offset, ntp-unsynchronised, switchover, refuse-certificate,
resumption-broken, certificate, clock-skew and the like). "call": status|enc_keys|dec_keys limits a KME's fault to one call.

routers:
${faultHelp(ROUTER_FAULTS).map((line) => `  ${line}\n`).join('')}
KMEs:
${faultHelp(KME_FAULTS).map((line) => `  ${line}\n`).join('')}`;
