import { listEmails } from '../../identity/index.ts';
import { listLockouts, type RequestContext, type TryKind } from '../../platform/index.ts';
import { budgetsInForce, type LimitInForce } from './budgets.ts';

export type ShownLockout = {
  id: string;
  of: TryKind;
  address: string | null;
  /** Of the account that was tried, where there is one. */
  email: string | null;
  failures: number;
  lockedAt: string;
  lockedUntil: string;
};

export type ShownLimits = { limits: LimitInForce[]; lockouts: ShownLockout[] };

/** The limits in force, and who is locked out now. */
export async function readLimits(ctx: RequestContext): Promise<ShownLimits> {
  const { config } = ctx.platform;
  const windowSeconds = config.CASEMATE_SIGN_IN_LOCK_MINUTES * 60;
  const failures = (name: string, of: LimitInForce['of'], limit: number): LimitInForce => ({
    name,
    of,
    limit,
    windowSeconds,
    whenAway: 'closed',
  });
  const lockouts = await ctx.inControl(async (tx) => {
    const found = await listLockouts(tx);
    const emails = await listEmails(
      tx,
      found.flatMap(({ auditId }) => (auditId === null ? [] : [auditId])),
    );
    return found.map((lockout) => ({
      id: lockout.id,
      of: lockout.kind,
      address: lockout.ip,
      email: emails.get(lockout.auditId ?? '') ?? null,
      failures: lockout.failures,
      lockedAt: lockout.lockedAt.toISOString(),
      lockedUntil: lockout.lockedUntil.toISOString(),
    }));
  });
  return {
    limits: [
      failures('sign-in', 'e-mail and address', config.CASEMATE_SIGN_IN_ATTEMPTS),
      failures('sign-in', 'address', config.CASEMATE_SIGN_IN_FAILURES_PER_ADDRESS),
      failures('sign-in', 'e-mail', config.CASEMATE_SIGN_IN_FAILURES_PER_ACCOUNT),
      failures('second factor', 'account', config.CASEMATE_SECOND_FACTOR_FAILURES),
      failures('recovery code', 'account', config.CASEMATE_RECOVERY_FAILURES),
      ...Object.values(budgetsInForce(config)),
      {
        name: 'route',
        of: 'account and route',
        limit: config.CASEMATE_ROUTE_PER_MINUTE,
        windowSeconds: 60,
        whenAway: 'alone',
      },
      ...[...config.CASEMATE_ROUTE_LIMITS].map(([name, limit]): LimitInForce => ({
        name,
        of: 'account and route',
        limit,
        windowSeconds: 60,
        whenAway: 'alone',
      })),
    ],
    lockouts,
  };
}
