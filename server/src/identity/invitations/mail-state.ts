/** What became of the mail: `none` where its link was handed over. */
export type MailState = 'none' | 'waiting' | 'sent' | 'failed';

export function mailState(mail: { mailedAt: Date | null; mailFailed: boolean | null }): MailState {
  if (mail.mailFailed === null) return 'none';
  if (mail.mailFailed) return 'failed';
  return mail.mailedAt === null ? 'waiting' : 'sent';
}
