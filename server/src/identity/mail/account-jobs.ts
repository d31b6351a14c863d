import {
  createMailClient,
  createSmsGateway,
  type Config,
  type ControlTx,
  type JobHandler,
  type Platform,
  type RequestContext,
} from '../../platform/index.ts';
import { eraseUninvited, findIdByAuditId } from '../accounts/repo.ts';
import { pruneFlows } from '../connections/flows-repo.ts';
import { pruneNames } from '../connections/saml/names-repo.ts';
import { pruneGoneTenants } from '../connections/repo.ts';
import { pruneLinks } from '../links/repo.ts';
import { deliverCode } from '../factors/phones/deliver-code.ts';
import { pruneCodes } from '../factors/phones/repo.ts';
import { SMS_JOB } from '../factors/phones/send-code.ts';
import type { IdentityParts } from '../parts.ts';
import { MAIL_JOB, pruneMails, queueMail } from './repo.ts';
import { sendAccountMail } from './send-account-mail.ts';

const EVERY_MS = 3_600_000;
const KEEP_DAYS = 30;

/** The work of this room in the queue: of the platform, not of a tenant. */
export function accountJobs(
  ctx: RequestContext,
  { rights }: IdentityParts,
): Readonly<Record<string, JobHandler>> {
  const sendLetter = createMailClient(ctx.platform.config);
  const sendSms = createSmsGateway(ctx.platform.config);
  return {
    [MAIL_JOB]: (job) => sendAccountMail(ctx, { rights, sendLetter }, job),
    [SMS_JOB]: (job) => deliverCode(ctx, { rights, sendSms }, job),
  };
}

/** Tells somebody that sign-in to their account is locked; nobody where there is no such account. */
export async function queueLockNotice(
  tx: ControlTx,
  config: Config,
  auditId: string | null,
): Promise<void> {
  if (auditId === null || config.CASEMATE_SMTP_HOST === undefined) return;
  const accountId = await findIdByAuditId(tx, auditId);
  if (accountId !== null) await queueMail(tx, { template: 'locked', accountId });
}

/** Forgets mails and links that are long over, once an hour. */
export function keepAccounts({ db, log }: Platform): { stop(): Promise<void> } {
  let pruning = Promise.resolve();
  const prune = async (): Promise<void> => {
    await db.readControl((tx) => pruneMails(tx, KEEP_DAYS));
    await db.readControl((tx) => pruneLinks(tx, KEEP_DAYS));
    await db.readControl((tx) => pruneCodes(tx));
    await db.readControl((tx) => eraseUninvited(tx, null));
    await db.readControl(pruneGoneTenants);
    await db.readControl(pruneFlows);
    await db.readControl(pruneNames);
  };
  const timer = setInterval(() => {
    pruning = prune().catch((error: unknown) =>
      log.warn('old mails and links could not be removed', { error }),
    );
  }, EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return pruning;
    },
  };
}
