// Inventories that are refused, and the one line that says why: the path, what was seen, what was meant.

import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadInventory, readInventory } from './load.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures/inventory/', import.meta.url));
const context = { mode: 'offbox', cwd: '/cwd', environment: { QKD_PASSWORD: 'p', QKD_CA_PASSWORD: 'r', EMPTY: '' }, userName: 'eve', userHome: '/home/eve', warn: () => undefined } as const;

/** JSON that the rows below change at will. */
type Loose = any;

/** Refusal of the minimal inventory after `change`, without the file's name; undefined when it is accepted. */
function refusal(change: (json: Loose) => void, name = 'minimal.json'): string | undefined {
  const json = JSON.parse(readFileSync(join(FIXTURES, name), 'utf8')) as Loose;
  change(json);
  return refusalOf(JSON.stringify(json));
}

function refusalOf(text: string): string | undefined {
  try {
    loadInventory({ text, file: '/inv/inventory.json' }, context);
    return undefined;
  } catch (error) {
    expect(error).toMatchObject({ code: 'inventory', hint: expect.stringMatching(/^[a-z][^\n]+$/) as string });
    const { message } = error as Error;
    expect(message).not.toMatch(/\n/);
    return message.replace('inventory /inv/inventory.json: ', '');
  }
}

const set = (target: unknown, values: object): void => void Object.assign(target as object, values);

describe('refused inventories', () => {
  const reasons: Record<string, string> = {
    'connectivity-association-too-long.json': `links[0].connectivity_association: "${'C'.repeat(33)}", expected a Junos name of at most 32 letters, digits and ._-`,
    'duplicate-member.json': 'not JSON: line 3, column 3: member "links" appears twice',
    'http-kme.json': 'devices.mx1.kme.url: "http://kme1.example.net", expected a URL like https://kme1:8443, without user name, query and /api/v1/keys, or a list of them',
    'interface-with-markup.json': 'links[0].master.interfaces[0]: "et-0/0/1\\"><x", expected a physical interface such as et-0/0/1, et-0/0/0:1 or ae0',
    'missing-comma.json': 'not JSON: line 2, column 34: expected "," or "}", found "\\""',
    'misspelt-key.json': 'links[0]: unknown key "conectivity_association"; nearest known key is "connectivity_association"',
    'no-links.json': 'links: an empty list, expected a list of at least one link',
    'record-without-placeholder.json': 'paths.record: "records/last_key.json", expected a file name that holds {} once',
    'same-link-name.json': 'links[1].name: there are two links mx1-mx2',
    'short-lead.json': "system.rotation: lead 650 s leaves no time before the master's decision, 660 s (interval + 2 x margin) before the start time",
    'unknown-device.json': 'links[0].master.device: unknown device "mx11"; nearest known device is "mx1"',
  };

  it('are listed here', () => {
    expect(readdirSync(join(FIXTURES, 'refused')).sort()).toEqual(Object.keys(reasons));
  });

  it.each(Object.entries(reasons))('%s', (name, reason) => {
    const file = join(FIXTURES, 'refused', name);
    expect(() => readInventory(file, context)).toThrow(expect.objectContaining({ code: 'inventory', message: `inventory ${file}: ${reason}` }));
  });
});

describe('shape', () => {
  it.each<[string, (json: Loose) => void, string]>([
    ['an unknown key that is near none', (j) => set(j['devices'], { mx1: { ...j['devices']['mx1'], zzzzzz: 1 } }), 'devices.mx1: unknown key "zzzzzz"; known keys are ip, port, host_key, routing_engines, sae_id, platform, root_enc_pass, root_enc_pass_file, root_enc_pass_env, kme'],
    ['a misspelt top-level key', (j) => set(j, { sytem: {} }), 'unknown key "sytem"; nearest known key is "system"'],
    ['swapped letters in a nested key', (j) => set(j, { system: { rotation: { inetrval: 5 } } }), 'system.rotation: unknown key "inetrval"; nearest known key is "interval"'],
    ['an unknown key in a list entry', (j) => set(j['links']['0']['slaves']['0'], { interface: ['et-0/0/1'] }), 'links[0].slaves[0]: unknown key "interface"; nearest known key is "interfaces"'],
    ['a missing key', (j) => delete j['devices']['mx1']['ip'], 'devices.mx1: key "ip" is missing'],
    ['no secrets', (j) => delete j['secrets'], 'key "secrets" is missing'],
    ['a text where a number belongs', (j) => set(j, { system: { max_threads: '4' } }), 'system.max_threads: "4", expected a whole number from 1 to 1000'],
    ['a fraction of a thread', (j) => set(j, { system: { max_threads: 1.5 } }), 'system.max_threads: 1.5, expected a whole number from 1 to 1000'],
    ['no time at all', (j) => set(j, { system: { kme: { deadline: 0 } } }), 'system.kme.deadline: 0, expected a number above 0, at most 3600'],
    ['an unknown method', (j) => set(j['links']['0'], { method: 'keychain' }), 'links[0].method: "keychain", expected key-chain or pre-shared-key'],
    ['an unknown cipher suite', (j) => set(j['links']['0'], { cipher_suite: 'aes' }), 'links[0].cipher_suite: "aes", expected gcm-aes-128, gcm-aes-256, gcm-aes-xpn-128 or gcm-aes-xpn-256'],
    ['a link that is a text', (j) => set(j, { links: ['mx1'] }), 'links[0]: "mx1", expected an object'],
    ['a list where an object belongs', (j) => set(j, { devices: [] }), 'devices: an empty list, expected an object'],
    ['null', (j) => set(j, { system: null }), 'system: null, expected an object'],
    ['a text where true or false belongs', (j) => set(j, { ca_server: { ca_cert: { fetch: 'yes' } } }), 'ca_server.ca_cert.fetch: "yes", expected true or false'],
    ['a device name with a slash', (j) => set(j['devices'], { 'a/b': j['devices']['mx1'] }), 'devices: "a/b" cannot be a device\'s name: expected a device name of at most 63 letters, digits and ._- that begins with a letter or digit, and not version, written_at or links'],
    ['a device named like a member of the record', (j) => set(j['devices'], { version: j['devices']['mx1'] }), 'devices: "version" cannot be a device\'s name: expected a device name of at most 63 letters, digits and ._- that begins with a letter or digit, and not version, written_at or links'],
    ['an address that is an option', (j) => set(j['devices']['mx1'], { ip: '-oProxyCommand=x' }), 'devices.mx1.ip: "-oProxyCommand=x", expected an address or host name, or a list of them'],
    ['no address in the list', (j) => set(j['devices']['mx1'], { ip: [] }), 'devices.mx1.ip: an empty list, expected an address or host name, or a list of them'],
    ['an address with a space in the list', (j) => set(j['devices']['mx1'], { ip: ['a b'] }), 'devices.mx1.ip[0]: "a b", expected an address or host name'],
    ['an MD5 fingerprint', (j) => set(j['devices']['mx1'], { host_key: 'MD5:00:11' }), 'devices.mx1.host_key: "MD5:00:11", expected a fingerprint like SHA256:<43 characters>, or a list of them'],
    ['a KME with a user name', (j) => set(j['devices']['mx1']['kme'], { url: 'https://u:p@kme1' }), 'devices.mx1.kme.url: "https://u:p@kme1", expected a URL like https://kme1:8443, without user name, query and /api/v1/keys, or a list of them'],
    ['a KME with the API path', (j) => set(j['devices']['mx1']['kme'], { url: 'https://kme1/api/v1/keys' }), 'devices.mx1.kme.url: "https://kme1/api/v1/keys", expected a URL like https://kme1:8443, without user name, query and /api/v1/keys, or a list of them'],
    ['the API path behind a prefix', (j) => set(j['devices']['mx1']['kme'], { url: 'https://kme1/a/api/v1/keys/' }), 'devices.mx1.kme.url: "https://kme1/a/api/v1/keys/", expected a URL like https://kme1:8443, without user name, query and /api/v1/keys, or a list of them'],
    ['a KME port that is none', (j) => set(j['devices']['mx1']['kme'], { url: 'https://kme1:99999' }), 'devices.mx1.kme.url: "https://kme1:99999" is no URL'],
    ['no KME in the list', (j) => set(j['devices']['mx1']['kme'], { url: [] }), 'devices.mx1.kme.url: an empty list, expected a URL like https://kme1:8443, without user name, query and /api/v1/keys, or a list of them'],
    ['a KME over http in the list', (j) => set(j['devices']['mx1']['kme'], { url: ['https://kme1', 'http://kme2'] }), 'devices.mx1.kme.url[1]: "http://kme2", expected a URL like https://kme1:8443, without user name, query and /api/v1/keys, or an object with one'],
    ['a KME in the list that is none', (j) => set(j['devices']['mx1']['kme'], { url: [{ url: 'https://kme1:99999' }] }), 'devices.mx1.kme.url[0]: "https://kme1:99999" is no URL'],
    ['a misspelt key of a KME in the list', (j) => set(j['devices']['mx1']['kme'], { url: [{ url: 'https://kme1', adress: '192.0.2.9' }] }), 'devices.mx1.kme.url[0]: unknown key "adress"; nearest known key is "address"'],
    ['a KME in the list without a URL', (j) => set(j['devices']['mx1']['kme'], { url: [{ pair: 'east' }] }), 'devices.mx1.kme.url[0]: key "url" is missing'],
    ['one KME twice', (j) => set(j['devices']['mx1']['kme'], { url: ['https://kme1', 'https://KME1/path'] }), 'devices.mx1.kme.url: kme1 is named twice'],
    ['one address for two KMEs', (j) => set(j['devices']['mx1']['kme'], { url: ['https://kme1', 'https://kme2'], address: '192.0.2.9' }), 'devices.mx1.kme.address: there are 2 URLs'],
    ['a pin in hexadecimal', (j) => set(j['devices']['mx1']['kme'], { spki: 'a'.repeat(40) }), `devices.mx1.kme.spki: "${'a'.repeat(40)}", expected a pin like sha256/<44 characters of base64>, or a list of them`],
    ['a pin that is too short, in a list', (j) => set(j['devices']['mx1']['kme'], { spki: ['sha256/AAAA='] }), 'devices.mx1.kme.spki[0]: "sha256/AAAA=", expected a pin like sha256/<44 characters of base64>'],
    ['TLS 1.1', (j) => set(j['devices']['mx1']['kme'], { min_tls: '1.1' }), 'devices.mx1.kme.min_tls: "1.1", expected 1.2 or 1.3 in quotes'],
    ['another use of the status', (j) => set(j['devices']['mx1']['kme'], { status: 'on' }), 'devices.mx1.kme.status: "on", expected advice, strict or off'],
    ['a key size of no octets', (j) => set(j['devices']['mx1']['kme'], { key_size: 255 }), 'devices.mx1.kme.key_size: 255, expected a multiple of 8 from 128 to 65536'],
    ['an extension that is no object', (j) => set(j['devices']['mx1']['kme'], { extension_mandatory: ['abc_x'] }), 'devices.mx1.kme.extension_mandatory[0]: "abc_x", expected an object'],
    ['extensions that are no list', (j) => set(j['devices']['mx1']['kme'], { extension_optional: { abc_x: 1 } }), 'devices.mx1.kme.extension_optional: an object, expected a list of at most 16 objects'],
    ['an unknown quirk', (j) => set(j['devices']['mx1']['kme'], { quirks: { key_encodng: 'hex' } }), 'devices.mx1.kme.quirks: unknown key "key_encodng"; nearest known key is "key_encoding"'],
    ['an unknown encoding', (j) => set(j['devices']['mx1']['kme'], { quirks: { key_encoding: 'any' } }), 'devices.mx1.kme.quirks.key_encoding: "any", expected base64, base64-unpadded, base64url or hex'],
    ['a status that is no refusal', (j) => set(j['devices']['mx1']['kme'], { quirks: { unknown_key_status: [200] } }), 'devices.mx1.kme.quirks.unknown_key_status[0]: 200, expected a number from 400 to 599'],
    ['a content type with parameters', (j) => set(j['devices']['mx1']['kme'], { quirks: { content_types: ['text/plain; charset=utf-8'] } }), 'devices.mx1.kme.quirks.content_types[0]: "text/plain; charset=utf-8", expected a content type such as text/plain'],
    ['no request for a key that may be on its way', (j) => set(j, { system: { kme: { propagation_attempts: 0 } } }), 'system.kme.propagation_attempts: 0, expected a whole number from 1 to 100'],
    ['a unit instead of an interface', (j) => set(j['links']['0']['master'], { interfaces: ['et-0/0/1.0'] }), 'links[0].master.interfaces[0]: "et-0/0/1.0", expected a physical interface such as et-0/0/1, et-0/0/0:1 or ae0'],
    ['a connectivity association with a quote', (j) => set(j['links']['0'], { connectivity_association: 'CA"' }), 'links[0].connectivity_association: "CA\\"", expected a Junos name of at most 32 letters, digits and ._-'],
    ['a start time that is none', (j) => set(j, { system: { event_options: { start_time: '2026-13-22.00:00' } } }), 'system.event_options.start_time: "2026-13-22.00:00", expected a Junos time like 2026-11-22.00:00'],
    ['a peer record with a shell character', (j) => set(j, { paths: { peer_record: '/r/{};id' } }), 'paths.peer_record: "/r/{};id", expected a path of letters, digits and _@%+=:,./- that holds {} once'],
    ['two placeholders', (j) => set(j, { paths: { record: '{}/{}' } }), 'paths.record: "{}/{}", expected a file name that holds {} once'],
    ['a root password in clear', (j) => set(j['devices']['mx1'], { root_enc_pass: 'in-clear' }), 'devices.mx1.root_enc_pass: a text of 8 characters, expected an encrypted password like $6$salt$hash'],
    ['two errors', (j) => set(j, { sytem: {}, system: { max_threads: 0 } }), 'unknown key "sytem"; nearest known key is "system"; system.max_threads: 0, expected a whole number from 1 to 1000'],
    ['many errors', (j) => set(j, { a: 1, b: 1, c: 1, d: 1, e: 1, f: 1 }), `${['a', 'b', 'c', 'd'].map((k) => `unknown key "${k}"; known keys are system, paths, secrets, ca_server, devices, links`).join('; ')}; and 2 more`],
  ])('%s', (_case, change, reason) => {
    expect(refusal(change)).toBe(reason);
  });

  it.each([
    ['a list', '[]', 'the document is not a JSON object'],
    ['nothing', '', 'not JSON: line 1, column 1: expected a value, found the end of the text'],
    ['Python', "{'secrets': None}", 'not JSON: line 1, column 2: expected a member name in double quotes, found "\'"'],
  ])('%s', (_case, text, reason) => {
    expect(refusalOf(text)).toBe(reason);
  });

  it('accepts what it should: a KME by IPv6 address, sub-ports, aggregated interfaces', () => {
    expect(
      refusal((j) => {
        set(j['devices']['mx1']['kme'], { url: 'https://[2001:db8::1]:8443/qkd' });
        set(j['devices']['mx1'], { ip: ['2001:db8::2', 'fe80::1%em0'] });
        set(j['links']['0']['master'], { interfaces: ['et-0/0/0:1', 'ae0', 'xe-10/2/13'] });
      }),
    ).toBeUndefined();
  });
});

describe('links that work against each other', () => {
  const second = (j: Loose, values: object): void => set(j, { links: [j['links']['0'], { ...j['links']['0'], name: 'second', connectivity_association: 'CA_2', ...values }] });
  it.each<[string, (json: Loose) => void, string]>([
    ['a device twice', (j) => set(j['links']['0']['slaves']['0'], { device: 'mx1' }), 'link mx1-mx2: device mx1 is named twice'],
    ['an interface twice', (j) => set(j['links']['0']['master'], { interfaces: ['ae0', 'ae0'] }), 'link mx1-mx2: interface ae0 of mx1 is named twice'],
    ['one interface in two links', (j) => second(j, {}), 'links mx1-mx2 and second share interface et-0/0/1 of mx1'],
    ['one connectivity association in two links', (j) => second(j, { connectivity_association: 'CA_basic' }), 'links mx1-mx2 and second share connectivity association CA_basic of mx1'],
    ['one SAE ID at both ends', (j) => set(j['devices']['mx2'], { sae_id: 'mx1' }), 'link mx1-mx2: two ends have the SAE ID mx1'],
    ['KMEs of different pairs', (j) => (set(j['devices']['mx1']['kme'], { pair: 'east' }), set(j['devices']['mx2']['kme'], { pair: 'west' })), 'link mx1-mx2: no KME of mx1 is in a pair with KMEs of all slaves (mx1: east; mx2: west)'],
    ['a KME in a pair, the other in none', (j) => set(j['devices']['mx1']['kme'], { pair: 'east' }), 'link mx1-mx2: no KME of mx1 is in a pair with KMEs of all slaves (mx1: east; mx2: none)'],
    ['keys of different sizes', (j) => set(j['devices']['mx1']['kme'], { key_size: 512 }), 'link mx1-mx2: the ends have different kme.key_size: mx1 512, mx2 none'],
    ['keys too small for the cipher suite', (j) => (set(j['devices']['mx1']['kme'], { key_size: 128 }), set(j['devices']['mx2']['kme'], { key_size: 128 })), 'link mx1-mx2: kme.key_size 128 is too small, gcm-aes-xpn-256 needs 256 bits'],
    ['a margin that the clocks may eat', (j) => set(j, { system: { rotation: { margin: 5 } } }), 'system.rotation: margin 5 s must be longer than max_clock_difference 5 s'],
    ['a fetch without a server', (j) => set(j, { ca_server: { ca_cert: { fetch: true } } }), 'ca_server: key "ca_server_ip" is missing, and the CA certificate is to be fetched'],
  ])('%s', (_case, change, reason) => {
    expect(refusal(change)).toBe(reason);
  });
});

describe('secrets', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'qkd-secrets-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const withSecrets = (secrets: object): string | undefined => refusal((j) => set(j, { secrets: { username: 'qkd', ...secrets } }))?.replaceAll(`${folder}/`, '');
  const file = (name: string, text: string, mode = 0o600): string => {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), mode);
    return join(folder, name);
  };

  it.each([0o640, 0o604, 0o620, 0o666, 0o610])('a file of mode %o is refused with the command that closes it', (mode) => {
    const path = file('secret', 'x', mode);
    const shown = mode.toString(8).padStart(4, '0');
    expect(withSecrets({ password_file: path })).toBe(`secrets.password_file: secret is open to group or others (mode ${shown})`);
    expect(withSecrets({ private_key_file: path })).toBe(`secrets.private_key_file: secret is open to group or others (mode ${shown})`);
    const text = JSON.stringify({ ...JSON.parse(readFileSync(join(FIXTURES, 'minimal.json'), 'utf8')), secrets: { private_key_file: path } });
    expect(() => loadInventory({ text, file: '/inv/i.json' }, context)).toThrow(expect.objectContaining({ hint: `run: chmod 600 ${path}` }));
  });

  it.each([0o600, 0o400, 0o700])('a file of mode %o is read', (mode) => {
    expect(withSecrets({ password_file: file('secret', 'x', mode) })).toBeUndefined();
  });

  it("a KME client key that is open to others is refused; one that is not there yet isn't", () => {
    const key = file('mx1.key', 'x', 0o644);
    expect(refusal((j) => set(j['devices']['mx1']['kme'], { key_file: key }))).toBe(`devices.mx1.kme.key_file: ${key} is open to group or others (mode 0644)`);
    expect(refusal((j) => set(j, { paths: { certificates: folder } }))).toBe(`devices.mx1: client key: ${key} is open to group or others (mode 0644)`);
    expect(refusal((j) => set(j['devices']['mx1']['kme'], { key_file: join(folder, 'none.key') }))).toBeUndefined();
  });

  it.each<[string, () => object, string]>([
    ['nothing to log in with', () => ({}), 'secrets: neither a password nor private_key_file is given'],
    ['two passwords', () => ({ password: 'abc', password_env: 'QKD_PASSWORD' }), 'secrets.password and secrets.password_env are both set'],
    ['a variable that is not set', () => ({ password_env: 'QKD_NONE' }), 'secrets.password_env: environment variable QKD_NONE is not set'],
    ['a variable that is empty', () => ({ password_env: 'EMPTY' }), 'secrets.password_env: environment variable EMPTY is empty'],
    ['a file that is not there', () => ({ password_file: join(folder, 'none') }), 'secrets.password_file: cannot read none: no such file or directory'],
    ['a private key that is not there', () => ({ private_key_file: join(folder, 'none') }), 'secrets.private_key_file: cannot read none: no such file or directory'],
    ['an empty file', () => ({ password_file: file('empty', '\n') }), 'secrets.password_file: empty is empty'],
    ['a folder', () => ({ password_file: (mkdirSync(join(folder, 'dir')), join(folder, 'dir')) }), 'secrets.password_file: dir is not a plain file'],
    ['a large file', () => ({ password_file: file('large', 'x'.repeat(70_000)) }), 'secrets.password_file: large is larger than 65536 bytes'],
  ])('%s', (_case, secrets, reason) => {
    expect(withSecrets(secrets())).toBe(reason);
  });

  it.each<[string, object, string]>([
    ['a password that is a number', { password: 12345678 }, 'secrets.password: a number, expected a secret without control characters'],
    ['a password with a line break', { password: 'Geheim\nX' }, 'secrets.password: a text of 8 characters, expected a secret without control characters'],
    ['a password in a list', { password: ['Geheim'] }, 'secrets.password: a list of 1, expected a secret without control characters'],
    ['a key where a file name belongs', { private_key_file: '-----BEGIN Geheim' }, 'secrets.private_key_file: a text of 17 characters, expected the name of a file, not the secret itself'],
    ['a secret where the name of a variable belongs', { password_env: 'Geheim!' }, 'secrets.password_env: a text of 7 characters, expected the name of an environment variable, not the secret itself'],
  ])('are never quoted: %s', (_case, secrets, reason) => {
    expect(withSecrets(secrets)).toBe(reason);
  });

  it.each<[string, object, string]>([
    ['too short', { cak: '0123456789abcdef'.repeat(2) }, 'links[0].initial_key.cak: a text of 32 characters, expected 64 hexadecimal digits for gcm-aes-xpn-256'],
    ['no digits', { cak: 'x'.repeat(64) }, 'links[0].initial_key.cak: a text of 64 characters, expected 64 hexadecimal digits for gcm-aes-xpn-256'],
    ["the original system's", { cak: 'ABCD1234abcd5678'.repeat(4) }, 'links[0].initial_key.cak: a well-known key'],
    ['zeros', { cak: '00'.repeat(32) }, 'links[0].initial_key.cak: a well-known key'],
    ['missing', {}, 'links[0].initial_key: key "cak" is missing'],
    ['in the place of a variable name', { cak_env: 'a0'.repeat(32) }, 'links[0].initial_key.cak_env: a text of 64 characters, expected the name of an environment variable, not the secret itself'],
    ['in the place of a file name', { cak_file: 'a0'.repeat(32) }, 'links[0].initial_key.cak_file: a text of 64 characters, expected the name of a file, not the secret itself'],
  ])('an initial CAK that is %s', (_case, key, reason) => {
    expect(refusal((j) => set(j['links']['0'], { initial_key: { ckn: 'ab'.repeat(32), ...key } }))).toBe(reason);
  });
});

describe('any change', () => {
  /** Replaces the value that `choices` lead to by `value`. */
  function mutate(node: Loose, choices: readonly number[], value: unknown): Loose {
    const keys = typeof node === 'object' && node !== null ? Object.keys(node) : [];
    const [choice, ...rest] = choices;
    if (choice === undefined || keys.length === 0) return value;
    const key = keys[choice % keys.length] as string;
    node[key] = mutate(node[key], rest, value);
    return node;
  }

  it.each(['minimal.json', 'original-dictionary.json', 'full-example.json'])('of %s is accepted or refused in one line', (name) => {
    const values = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom('mx1', '__proto__', 'constructor', '', -1, 1e300));
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 5 }), values, (choices, value) => {
        const json = mutate(JSON.parse(readFileSync(join(FIXTURES, name), 'utf8')), choices, value);
        refusalOf(JSON.stringify(json));
      }),
      { numRuns: 500 },
    );
  });
});

describe('the file', () => {
  it('that is not there, a folder, not UTF-8 or open to changes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'qkd-file-'));
    try {
      writeFileSync(join(folder, 'latin1.json'), Buffer.from([0x7b, 0xe9, 0x7d]));
      const refused = (name: string, reason: string): void =>
        expect(() => readInventory(name, { ...context, cwd: folder })).toThrow(expect.objectContaining({ code: 'inventory', message: `cannot read inventory ${join(folder, name)}: ${reason}` }));
      refused('none.json', 'no such file or directory');
      refused('.', 'not a plain file');
      refused('latin1.json', 'not UTF-8 text');
      writeFileSync(join(folder, 'open.json'), '{}');
      chmodSync(join(folder, 'open.json'), 0o646);
      refused('open.json', 'everybody can change it');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
