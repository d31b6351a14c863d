import type { RequestContext } from '../../platform/index.ts';
import type { AccountRow, OpenedBy } from '../repo.ts';
import type { IdentityParts } from '../parts.ts';
import { findAnswering } from './answering-factors.ts';
import { makeChallenge } from './challenge.ts';
import { findRelyingParty } from './passkeys/relying-party.ts';
import { passkeyOptionsOf } from './passkeys/verify-passkey.ts';
import { countRecoveryCodes } from './repo.ts';

/** A question for a second factor, and in which ways it can be answered. */
export type AskedFor = {
  challenge: string;
  expiresAt: Date;
  methods: ('totp' | 'passkey' | 'sms' | 'recovery')[];
  /** For the browser's own function; null without passkeys. */
  passkey: Record<string, unknown> | null;
};

type Asked = {
  account: Pick<AccountRow, 'id' | 'factors' | 'platformRole'>;
  purpose: 'sign-in' | 'mobile' | 'step-up';
  sessionId: string | null;
  binds?: string;
  by?: OpenedBy;
};

export async function askFor(
  ctx: RequestContext,
  { rights }: Pick<IdentityParts, 'rights'>,
  { account, purpose, sessionId, binds, by }: Asked,
): Promise<AskedFor> {
  const { made, factors, codes } = await ctx.inControl(async (tx) => {
    const answering = await findAnswering(tx, rights, { account, by: by ?? null, purpose });
    return {
      made: await makeChallenge(tx, ctx, { purpose, accountId: account.id, sessionId, binds, by }),
      factors: answering.factors,
      codes: await countRecoveryCodes(tx, account.id, answering.tenantIds),
    };
  });
  // A passkey answers to the host that a browser shows; a program of its own shows none.
  const named = purpose !== 'mobile' && findRelyingParty(ctx.platform.config) !== null;
  const passkeys = named ? factors.filter(({ kind }) => kind === 'passkey') : [];
  const methods: AskedFor['methods'] = [];
  if (passkeys.length > 0) methods.push('passkey');
  if (factors.some(({ kind }) => kind === 'totp')) methods.push('totp');
  const sends = ctx.platform.config.CASEMATE_SMS_DRIVER !== undefined;
  if (sends && factors.some(({ kind }) => kind === 'phone')) methods.push('sms');
  if (codes > 0) methods.push('recovery');
  return {
    challenge: made.token,
    expiresAt: made.expiresAt,
    methods,
    passkey:
      passkeys.length === 0
        ? null
        : await passkeyOptionsOf(ctx, { token: made.token, factors: passkeys }),
  };
}
