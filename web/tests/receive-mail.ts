import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { SMTPServer } from 'smtp-server';

export interface Letter {
  subject: string;
  html: string;
  /** Its one link, where it has one. */
  link: string;
}

export interface Mailbox {
  port: number;
  /** Takes the first letter to this address whose subject holds the words, once it is there. */
  letterTo: (address: string, words: string) => Promise<Letter>;
  close: () => void;
}

/** A mail relay (RFC 5321) that keeps what it takes. */
export async function receiveMail(): Promise<Mailbox> {
  const mails: string[] = [];
  const relay = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _session, done) =>
      void text(stream).then((mail) => {
        mails.push(mail);
        done();
      }),
  });
  relay.listen(0, '127.0.0.1');
  await once(relay.server, 'listening');
  const letterTo = async (address: string, words: string): Promise<Letter> => {
    for (let left = 200; left > 0; left -= 1) {
      const letters = mails.map(read);
      const at = letters.findIndex(
        (letter, index) =>
          mails[index]?.includes(`To: ${address}`) === true && letter.subject.includes(words),
      );
      const [found] = at < 0 ? [] : letters.splice(at, 1);
      if (found) {
        mails.splice(at, 1);
        return found;
      }
      await pause(100);
    }
    throw new Error(`no letter to ${address} about "${words}"`);
  };
  const { port } = relay.server.address() as AddressInfo;
  return { port, letterTo, close: () => relay.close(() => undefined) };
}

/** The HTML of a letter of two parts (RFC 2046), and its subject (RFC 2047). */
function read(mail: string): Letter {
  const boundary = /boundary="([^"]+)"/.exec(mail)?.[1] ?? '';
  const part = mail.split(`--${boundary}`).find((one) => /content-type: text\/html/i.test(one));
  const [head = '', ...body] = (part ?? '').split('\r\n\r\n');
  const html = decode(body.join('\r\n\r\n'), /transfer-encoding: (\S+)/i.exec(head)?.[1] ?? '');
  const subject = (/^Subject: (.*(?:\r\n\s.*)*)/m.exec(mail)?.[1] ?? '')
    .replace(/\?=\r\n\s=\?/g, '?==?')
    .replace(/=\?utf-8\?q\?(.*?)\?=/gi, (_all, words: string) =>
      decode(words.replaceAll('_', ' '), 'quoted-printable'),
    )
    .replace(/=\?utf-8\?b\?(.*?)\?=/gi, (_all, words: string) => decode(words, 'base64'));
  return { subject, html, link: /href="(https:[^"]+)"/.exec(html)?.[1] ?? '' };
}

function decode(text: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(text, 'base64').toString('utf8');
  if (encoding !== 'quoted-printable') return text;
  const bytes = text
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
