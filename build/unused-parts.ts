// esbuild plugin: leaves out the parts of packages that the program never calls, so that nobody has to audit
// them on a router and the artifact stays within its size budget. Each is replaced by a stub of the same
// shape that throws when it is used after all; loading it does nothing.

import type { Plugin } from 'esbuild';

interface UnusedPart {
  /** End of the file's path. */
  readonly file: string;
  readonly stub: string;
}

const absent = (what: string): string => `throw new Error('${what} is not part of qkd-macsec');`;

const UNUSED_PARTS: readonly UnusedPart[] = [
  // Files go over SCP (src/ssh): routers do not offer SFTP unless it is configured.
  { file: 'ssh2/lib/protocol/SFTP.js', stub: `module.exports = { SFTP: class SFTP { constructor() { ${absent('SFTP')} } } };` },
  // The program is a client, with a key file or a password.
  { file: 'ssh2/lib/server.js', stub: `module.exports = class Server { constructor() { ${absent('the SSH server')} } };` },
  { file: 'ssh2/lib/keygen.js', stub: 'module.exports = {};' },
  { file: 'ssh2/lib/http-agents.js', stub: 'module.exports = {};' },
  {
    file: 'ssh2/lib/agent.js',
    stub: `const createAgent = () => { ${absent('the SSH agent')} };
module.exports = { createAgent, isAgent: () => false, AgentContext: class AgentContext { constructor() { createAgent(); } } };`,
  },
  // XML is written by src/xml.ts.
  {
    file: 'fast-xml-parser/src/xmlbuilder/json2xml.js',
    stub: `export default class XMLBuilder { constructor() { ${absent('the XML builder')} } }`,
  },
  // src/netconf refuses document types before it parses, decodes entities by itself and keeps every value a text.
  {
    file: 'fast-xml-parser/src/xmlparser/DocTypeReader.js',
    stub: `export default class DocTypeReader { setXmlVersion() {} readDocType() { ${absent('the reader of document types')} } }`,
  },
  {
    file: 'is-unsafe/src/index.js',
    stub: `export const HTML = [], XML = [];
export function isUnsafe() { ${absent('the check of declared entities')} }`,
  },
  {
    file: '@nodable/entities/src/index.js',
    stub: `export const XML = {}, CURRENCY = {}, COMMON_HTML = {}, ENTITY_ACTION = {};
export class EntityDecoder { reset() {} setXmlVersion() {} decode() { ${absent('the entity decoder')} } addInputEntities() { this.decode(); } }`,
  },
  { file: 'strnum/strnum.js', stub: `export default function toNumber() { ${absent('the reader of numbers')} }` },
  // Names of object identifiers, for printing; other bases than 64.
  { file: 'node-forge/lib/oids.js', stub: 'module.exports = {};' },
  { file: 'node-forge/lib/baseN.js', stub: `module.exports = { encode() { ${absent('base N')} }, decode() { ${absent('base N')} } };` },
  // bcrypt-pbkdf (private keys with a passphrase) takes nothing but SHA-512 from here, which Node has.
  {
    file: 'tweetnacl/nacl-fast.js',
    stub: `const { createHash } = require('crypto');
const crypto_hash = (out, message, length) => out.set(createHash('sha512').update(message.subarray(0, length)).digest());
module.exports = { lowlevel: { crypto_hash } };`,
  },
];

/** Replaces every file of the table by its stub. */
export function unusedParts(): Plugin {
  return {
    name: 'unused-parts',
    setup(build) {
      for (const { file, stub } of UNUSED_PARTS) {
        const filter = new RegExp(`[\\\\/]node_modules[\\\\/]${file.replaceAll('.', '\\.').replaceAll('/', '[\\\\/]')}$`);
        build.onLoad({ filter }, () => ({ contents: `${stub}\n`, loader: 'js' }));
      }
    },
  };
}
