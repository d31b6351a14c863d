import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { Config } from '../src/platform/index.ts';
import { partsInfo } from './parts-info.ts';

export type Relay = {
  readonly mails: string[];
  /** What a site sets to use it. */
  readonly settings: Partial<Config>;
  /** The first mail to the address whose subject holds the words, once it is there. */
  mailTo(address: string, words?: string): Promise<string>;
  /** The link of that mail. */
  linkTo(address: string, words?: string): Promise<string>;
  close(): Promise<void>;
};

/** A real mail relay (RFC 5321) with STARTTLS, as a site has it, which keeps what it takes. */
export async function startRelay(more: SMTPServerOptions = {}): Promise<Relay> {
  const { keyFile, certFile, caFile } = partsInfo();
  const mails: string[] = [];
  const server = new SMTPServer({
    key: readFileSync(keyFile),
    cert: readFileSync(certFile),
    authOptional: true,
    onData: (stream, _session, done) =>
      void text(stream).then((mail) => {
        mails.push(plain(mail));
        done();
      }),
    ...more,
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  const mailTo = async (address: string, words = ''): Promise<string> => {
    const deadline = Date.now() + 10_000;
    for (;;) {
      const at = mails.findIndex((mail) => mail.includes(`To: ${address}`) && mail.includes(words));
      const [mail] = at < 0 ? [] : mails.splice(at, 1);
      if (mail !== undefined) return mail;
      if (Date.now() > deadline) throw new Error(`no mail to ${address} with "${words}"`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return {
    mails,
    settings: {
      CASEMATE_SMTP_HOST: 'localhost',
      CASEMATE_SMTP_PORT: port,
      CASEMATE_SMTP_CA_FILE: caFile,
    },
    mailTo,
    linkTo: async (address, words) => {
      const url = /https:\/\/\S+#[\w-]{43}/.exec(await mailTo(address, words))?.[0];
      if (url === undefined) throw new Error('the mail holds no link');
      return url;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Without the encoding of its lines (RFC 2045, 6.7). */
function plain(mail: string): string {
  return mail
    .replace(/=\r?\n/g, '')
    .replace(/(?:=[0-9A-F]{2})+/g, (bytes) =>
      Buffer.from(bytes.replaceAll('=', ''), 'hex').toString('utf8'),
    );
}

export const tokenOf = (url: string): string => url.split('#')[1] ?? '';
