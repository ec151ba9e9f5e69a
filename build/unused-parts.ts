// esbuild plugin: leaves out the parts of packages that the program never calls, so that nobody has to audit
// them on a router and the artifact stays within its size budget. Each is replaced by a stub of the same
// shape that throws when it is used after all; loading it does nothing. Of some files only what they do when
// they are loaded is changed, so that a login does not begin with loading parts of Node that it never uses.

import { readFile } from 'node:fs/promises';
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

interface Edit {
  /** End of the file's path. */
  readonly file: string;
  /** Each must be found once. */
  readonly changes: readonly (readonly [RegExp, string])[];
}

const ASSERT = `{
  ok(value) { if (!value) throw new TypeError('asn1: a value is missing'); },
  equal(value, other) { if (value !== other) throw new TypeError('asn1: a value of another type'); }
}`;
const NO_COMPRESSION = ['Writer', 'Reader'].map((name) => `class ZlibPacket${name} { constructor() { ${absent('compression')} } }\n`).join('');

const EDITS: readonly Edit[] = [
  // src/ssh offers no compression.
  { file: 'ssh2/lib/protocol/zlib.js', changes: [[/const \{ kMaxLength \} = [^]*?(?=class PacketWriter )/g, NO_COMPRESSION], [/class ZlibPacketReader \{\n[^]*?\n\}\n/g, '']] },
  // It signs and verifies something to find out whether there is Ed25519. From Node 20 on there is, except in FIPS mode.
  { file: 'ssh2/lib/protocol/constants.js', changes: [[/(?<=const eddsaSupported = )\(\(\) => \{[^]*?\n\}\)\(\)/g, 'crypto.getFips() === 0']] },
  // src/ssh connects the socket.
  { file: 'ssh2/lib/client.js', changes: [[/require\('dns'\)/g, `{ lookup() { ${absent('name resolution in ssh2')} } }`]] },
  // For private keys with a passphrase.
  { file: 'ssh2/lib/protocol/keyParser.js', changes: [[/const bcrypt_pbkdf = require\('bcrypt-pbkdf'\)\.pbkdf;/g, "const bcrypt_pbkdf = (...given) => require('bcrypt-pbkdf').pbkdf(...given);"]] },
  { file: 'asn1/lib/ber/reader.js', changes: [[/require\('assert'\)/g, ASSERT]] },
  { file: 'asn1/lib/ber/writer.js', changes: [[/require\('assert'\)/g, ASSERT]] },
];

/** The file's text with its changes. Throws Error when one is not found: the package is another version. */
export function edited(text: string, { file, changes }: Edit): string {
  return changes.reduce((code, [pattern, replacement]) => {
    if (code.match(pattern)?.length !== 1) throw new Error(`${file}: ${pattern.source} is not there once`);
    return code.replace(pattern, replacement);
  }, text);
}

const inPackages = (file: string): RegExp => new RegExp(`[\\\\/]node_modules[\\\\/]${file.replaceAll('.', '\\.').replaceAll('/', '[\\\\/]')}$`);

/** Replaces every file of the first table by its stub, and changes those of the second. */
export function unusedParts(): Plugin {
  return {
    name: 'unused-parts',
    setup(build) {
      for (const { file, stub } of UNUSED_PARTS) build.onLoad({ filter: inPackages(file) }, () => ({ contents: `${stub}\n`, loader: 'js' }));
      for (const edit of EDITS) build.onLoad({ filter: inPackages(edit.file) }, async ({ path }) => ({ contents: edited(await readFile(path, 'utf8'), edit), loader: 'js' }));
    },
  };
}
