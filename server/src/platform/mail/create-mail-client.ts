import { readFileSync } from 'node:fs';
import { createTransport } from 'nodemailer';
import type { Config } from '../config/config-schema.ts';

export type Letter = {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
};
/** Rejects with the relay's own error; `isRefusal` tells a lasting no from a passing one. */
export type SendLetter = (letter: Letter) => Promise<void>;

const WAIT_MS = 15_000;

/** Sends to the relay that the operator has named; null when there is none. */
export function createMailClient(config: Config): SendLetter | null {
  const { CASEMATE_SMTP_HOST: host } = config;
  if (host === undefined) return null;
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
  return async ({ to, subject, text, html }) => {
    await transport.sendMail({
      from: { name: 'Casemate', address: from },
      to: to.map((address) => ({ name: '', address })),
      subject,
      text,
      ...(html === undefined ? {} : { html }),
      // Nobody's holiday notice shall answer it (RFC 3834).
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
  };
}

/** Whether the relay will not take this letter however often it is sent (RFC 5321, 4.2.1). */
export function isRefusal(error: unknown): boolean {
  const { responseCode } = error as { responseCode?: unknown };
  return typeof responseCode === 'number' && responseCode >= 500;
}

function passwordOf({ CASEMATE_SMTP_PASSWORD_FILE: file }: Config): string {
  return file === undefined ? '' : readFileSync(file, 'utf8').trim();
}
