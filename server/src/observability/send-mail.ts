import { createMailClient, type Config } from '../platform/index.ts';

export type Mail = { readonly subject: string; readonly text: string };
export type SendMail = (mail: Mail) => Promise<void>;

/** Sends to those whom the operator has named for alerts; null where there is no relay, or nobody. */
export function createMailer(config: Config): SendMail | null {
  const { CASEMATE_ALERT_TO: to } = config;
  const send = createMailClient(config);
  if (send === null || to === undefined || to.length === 0) return null;
  return ({ subject, text }) => send({ to, subject, text });
}
