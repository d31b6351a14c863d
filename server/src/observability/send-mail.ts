import { readFileSync } from 'node:fs';
import { createTransport } from 'nodemailer';
import type { Config } from '../platform/index.ts';

export type Mail = { readonly subject: string; readonly text: string };
export type SendMail = (mail: Mail) => Promise<void>;

const WAIT_MS = 15_000;

/** Sends to the relay that the operator has named; null when there is none. */
export function createMailer(config: Config): SendMail | null {
  const { CASEMATE_SMTP_HOST: host, CASEMATE_ALERT_TO: to } = config;
  if (host === undefined || to === undefined || to.length === 0) return null;
  const security = config.CASEMATE_SMTP_SECURITY;
  const transport = createTransport({
    host,
    port: config.CASEMATE_SMTP_PORT,
    secure: security === 'tls',
    // STARTTLS that is asked for is demanded: who stands between must not talk us out of it.
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: {
      minVersion: 'TLSv1.2',
      ...(config.CASEMATE_SMTP_CA_FILE ? { ca: readFileSync(config.CASEMATE_SMTP_CA_FILE) } : {}),
    },
    ...(config.CASEMATE_SMTP_USER
      ? { auth: { user: config.CASEMATE_SMTP_USER, pass: passwordOf(config) } }
      : {}),
    connectionTimeout: WAIT_MS,
    greetingTimeout: WAIT_MS,
    socketTimeout: WAIT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const from = config.CASEMATE_ALERT_FROM ?? `casemate@${config.CASEMATE_HOST_NAME}`;
  return async ({ subject, text }) => {
    await transport.sendMail({ from, to: [...to], subject, text });
  };
}

function passwordOf({ CASEMATE_SMTP_PASSWORD_FILE: file }: Config): string {
  return file === undefined ? '' : readFileSync(file, 'utf8').trim();
}
