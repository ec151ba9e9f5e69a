// The round trips of an on-box run and nothing else, the program that measure-on-box.ts puts beside such a run: to the
// router's mgd hello, so many requests one after the other and close-session; to the other end a login by ssh2 as it is
// published, and its record by scp. No inventory, no certificate, no host key check, no reading of replies.

import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import ssh2 from 'ssh2';
import { HOST_KEY_TYPES, algorithmsFor } from '../src/ssh/algorithms.ts';

const HELLO = '<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><capabilities><capability>urn:ietf:params:netconf:base:1.0</capability></capabilities></hello>]]>]]>';
const REQUEST = '<get-configuration database="committed" inherit="inherit" format="xml"/>';

function requests(socket: string, count: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const mgd = connect(socket);
    let [text, answers] = ['', 0];
    const ask = (body: string): boolean => mgd.write(`<rpc message-id="${answers}" xmlns="urn:ietf:params:xml:ns:netconf:base:1.0">${body}</rpc>]]>]]>`);
    mgd.on('error', reject);
    mgd.on('close', () => reject(new Error('the bench ended a session')));
    mgd.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const ends = text.split(']]>]]>').length - 1;
      if (ends === answers) return;
      answers = ends;
      if (answers <= count) return void ask(REQUEST);
      if (answers === count + 1) return void ask('<close-session/>');
      resolve();
      mgd.destroy();
    });
    mgd.write(HELLO);
  });
}

function record({ port, username, keyFile, file }: { port: number; username: string; keyFile: string; file: string }): Promise<string> {
  const client = new ssh2.Client();
  return new Promise((resolve, reject) => {
    let text = '';
    client.on('error', reject).on('ready', () =>
      client.exec(`scp -f ${file}`, (error, channel) => {
        if (error !== undefined && error !== null) return reject(error);
        channel.on('data', (bytes: Buffer) => {
          text += bytes.toString('latin1');
          channel.write('\0');
          if (!text.endsWith('\0')) return;
          client.end();
          resolve(text);
        });
        channel.write('\0');
      }),
    );
    client.connect({ host: '127.0.0.1', port, username, privateKey: readFileSync(keyFile), hostVerifier: () => true, algorithms: algorithmsFor(HOST_KEY_TYPES) });
  });
}

const [socket = '', count = '', port = '', username = '', keyFile = '', file = ''] = process.argv.slice(2);
requests(socket, Number(count))
  .then(() => record({ port: Number(port), username, keyFile, file }))
  .then((text) => {
    if (!/^C\d+ \d+ .*\n\{[^]*\}\s*\0$/.test(text)) throw new Error(`no record: ${JSON.stringify(text.slice(0, 100))}`);
    process.exit(0);
  })
  .catch((error: unknown) => {
    console.error(String(error));
    process.exit(1);
  });
