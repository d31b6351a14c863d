import {
  isRefusal,
  JobRefused,
  ownOrigins,
  RetryLater,
  type Job,
  type RequestContext,
  type SendLetter,
} from '../../platform/index.ts';
import { findStored, forgetFormerEmail, type StoredAccount } from '../accounts/repo.ts';
import { findOpenInvitation } from '../invitations/repo.ts';
import { soundInvitation } from '../invitations/sound-invitation.ts';
import { makeLink } from '../links/account-links.ts';
import type { IdentityParts } from '../parts.ts';
import { listNames } from '../names-repo.ts';
import { INVITATION_HOURS, RESET_HOURS, VERIFY_HOURS } from '../policy.ts';
import { findQueuedMail, markMail, type QueuedMail } from './repo.ts';
import type { Facts } from './templates.ts';
import { writeLetter } from './write-letter.ts';

/** A relay that is away is asked again for so long. */
const KEEP_TRYING_MS = 24 * 3_600_000;
const AGAIN_SECONDS = 60;

type Parts = Pick<IdentityParts, 'rights'> & { sendLetter: SendLetter | null };
type Ready = { to: string; facts: Facts };

/**
 * Sends one mail of the queue. Whatever its row says is looked up again: the address from an account
 * that the server wrote, an invitation that is still open. The link is drawn here and stands in the
 * mail alone; one that is sent again gets another.
 */
export async function sendAccountMail(ctx: RequestContext, parts: Parts, job: Job): Promise<void> {
  const mail = await ctx.inControl((tx) => findQueuedMail(tx, job.subjectId ?? ''));
  if (!mail) return;
  const ready = parts.sendLetter ? await readyMail(ctx, parts, mail) : null;
  if (!ready || !parts.sendLetter) {
    await ctx.inControl((tx) => markMail(tx, { id: mail.id, as: 'failed' }));
    return;
  }
  try {
    await parts.sendLetter({ to: [ready.to], ...writeLetter(mail.template, ready.facts) });
  } catch (error) {
    await giveUpOrWait(ctx, mail, error);
  }
  await ctx.inControl(async (tx) => {
    await markMail(tx, { id: mail.id, as: 'sent' });
    if (mail.template === 'email_changed' && mail.accountId !== null)
      await forgetFormerEmail(tx, mail.accountId);
  });
}

async function giveUpOrWait(ctx: RequestContext, mail: QueuedMail, error: unknown): Promise<never> {
  // The relay's words can quote the address; its code can't.
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown };
  ctx.log.warn('the relay did not take a mail', { template: mail.template, code, responseCode });
  const age = ctx.clock.now().getTime() - mail.createdAt.getTime();
  if (!isRefusal(error) && age < KEEP_TRYING_MS)
    throw new RetryLater(AGAIN_SECONDS, 'the relay did not take it');
  await ctx.inControl((tx) => markMail(tx, { id: mail.id, as: 'failed' }));
  throw new JobRefused('the relay does not take it');
}

/** Nothing when there is nobody to write to, or nothing to tell any more. */
async function readyMail(
  ctx: RequestContext,
  { rights }: Parts,
  mail: QueuedMail,
): Promise<Ready | null> {
  const { accountId, template } = mail;
  if (accountId === null) return null;
  const account = await ctx.inControl((tx) => findStored(tx, { accountId }));
  if (!account || account.state === 'erased' || isMadeUp(account.email)) return null;
  if (!rights.trustsAccount(account, account.state)) return null;
  const [origin] = ownOrigins(ctx.platform.config);
  const facts = { name: account.name, origin, tenant: mail.tenant, inviter: null, link: null };
  switch (template) {
    case 'invitation':
      return prepareInvitation(ctx, mail, { account, facts });
    case 'reset': {
      if (account.state !== 'active') return null;
      const wish = { purpose: 'reset', accountId, way: 'mail', hours: RESET_HOURS } as const;
      const { url } = await ctx.inControl((tx) => makeLink(tx, ctx, wish));
      return { to: account.email, facts: { ...facts, link: { url, hours: RESET_HOURS } } };
    }
    case 'email_verify': {
      const { newEmail } = account;
      if (newEmail === null) return null;
      const hours = VERIFY_HOURS;
      const wish = { purpose: 'email', accountId, way: 'mail', hours, binds: newEmail } as const;
      const { url } = await ctx.inControl((tx) => makeLink(tx, ctx, wish));
      return { to: newEmail, facts: { ...facts, link: { url, hours } } };
    }
    case 'email_changed':
      return account.formerEmail === null ? null : { to: account.formerEmail, facts };
    default:
      return { to: account.email, facts };
  }
}

/** Of checks, and of the erased: no relay is bothered with it. */
function isMadeUp(email: string): boolean {
  return email.endsWith('@casemate.invalid');
}

async function prepareInvitation(
  ctx: RequestContext,
  { invitationId }: QueuedMail,
  { account, facts }: { account: StoredAccount; facts: Facts },
): Promise<Ready | null> {
  return ctx.inControl(async (tx) => {
    const found = await findOpenInvitation(tx, invitationId ?? '');
    const invitation = soundInvitation(ctx, found);
    if (invitation?.accountId !== account.id) return null;
    const [inviter] = await listNames(tx, invitation.invitedBy ? [invitation.invitedBy] : []);
    const { url } = await makeLink(tx, ctx, {
      purpose: 'invitation',
      accountId: account.id,
      invitationId: invitation.id,
      way: 'mail',
      hours: INVITATION_HOURS,
    });
    // A name that nobody chose yet is a part of the address.
    const name = account.state === 'invited' ? account.email : account.name;
    const link = { url, hours: INVITATION_HOURS };
    return { to: account.email, facts: { ...facts, name, inviter: inviter?.name ?? null, link } };
  });
}
