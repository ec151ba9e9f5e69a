// The operational RPCs of a simulated router, by name, for mgd to register.

import { child, textAt, type XmlElement } from '../../../xml.ts';
import type { Mgd, OperationalRpc } from '../../mgd/mgd.ts';
import { cliCommand } from './cli-command.ts';
import { fileDelete, opScript, sha256Checksum } from './file-rpcs.ts';
import { fileList, fileShow } from './files.ts';
import { interfaceInformation } from './interfaces.ts';
import { keychainInformation } from './keychain.ts';
import { licenceSummary } from './licence.ts';
import { logFile } from './log.ts';
import { macsecConnections, macsecStatistics } from './macsec.ts';
import { mkaSessionInformation, mkaStatistics } from './mka.ts';
import type { RouterFiles } from '../scp/router-files.ts';
import type { RouterState } from './router-state.ts';
import { chassisInventory, routeEngines, softwareInformation, systemInformation, systemUptime } from './system.ts';

/** Every operational RPC that the router answers; names of the 24.4 models. */
export function operationalRpcs(state: RouterState, mgd: Mgd): Record<string, OperationalRpc> {
  return {
    'get-mka-session-information': (request) => mkaSessionInformation(state, request),
    'get-mka-session-interface-information': (request) => mkaSessionInformation(state, request),
    'get-mka-statistics': (request) => mkaStatistics(state, request),
    'get-mka-interface-statistics': (request) => mkaStatistics(state, request),
    'get-macsec-connection-information': (request) => macsecConnections(state, request),
    'get-macsec-connection-interface-information': (request) => macsecConnections(state, request),
    'get-macsec-statistics': (request) => macsecStatistics(state, request),
    'get-macsec-interface-statistics': (request) => macsecStatistics(state, request),
    'get-hakr-keychain-information': (request) => keychainInformation(state, request),
    'get-system-information': (request) => systemInformation(state, request),
    'get-software-information': (request) => softwareInformation(state, request, child(request, 'all-routing-engines') !== undefined),
    'get-route-engine-information': (request) => routeEngines(state, request),
    'get-system-uptime-information': (request) => systemUptime(state, request),
    'get-license-summary-information': (request) => licenceSummary(state, request),
    'get-chassis-inventory': (request) => chassisInventory(state, request),
    'get-interface-information': (request) => interfaceInformation(state, request),
    'get-log': (request, session) => logFile(state.files, session.user.name, request),
    'file-show': (request, session) => fileShow(filesFor(state, request, 'filename'), session.user.name, request),
    'get-sha256-checksum-information': (request, { user }) => sha256Checksum(filesFor(state, request, 'path'), user, request),
    'file-delete': (request, { user }) => fileDelete(filesFor(state, request, 'path'), user, request),
    'op-script': (request) => opScript({ root: state.files.root, cliPath: state.cliPath, mgd: { committed: state.committed } }, request),
    'file-list': (request, session) => fileList(filesFor(state, request, 'path'), session.user, request),
    command: async (request, { user }) => {
      const session = mgd.openSession(user);
      try {
        return await cliCommand(request, session);
      } finally {
        session.close();
      }
    },
  };
}

/** `re1:/var/tmp/x` is a file of that engine, as the CLI names it from either; another path, or the name of an engine that is not there, is this one's. */
function filesFor(state: RouterState, request: XmlElement, leaf: string): RouterFiles {
  const [, slot] = /^re([01]):/.exec(textAt(request, leaf) ?? '') ?? [];
  return (slot === undefined ? undefined : state.filesOf(slot === '0' ? 0 : 1)) ?? state.files;
}
