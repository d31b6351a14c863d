import type { ControlTx } from '../../../platform/index.ts';
import type { NewFactor } from '../repo.ts';

export type SmsCode = {
  id: string;
  accountId: string;
  factorId: string;
  /** Of the challenge that it answers; null to confirm a new number. */
  challenge: Buffer | null;
  expiresAt: Date;
  wrong: number;
};

const CODE = `code.id, code.account_id as "accountId", code.factor_id as "factorId", code.challenge,
  code.expires_at as "expiresAt", code.wrong`;

export type Sent = {
  ofAccount: number;
  ofNumber: number;
  ofNumberToday: number;
  ofChallenge: number;
  ofAll: number;
  justNow: boolean;
};

/**
 * What was sent lately. All who send do so one after another, so that no limit is passed together. Of a number,
 * what strangers send who try to make it theirs counts apart from what its owner asks for at a challenge: else
 * they would use that up.
 */
export async function countSent(
  tx: ControlTx,
  by: { accountId: string; numberHash: Buffer; challenge: Buffer | null },
): Promise<Sent> {
  await tx.execute(`select pg_advisory_xact_lock(hashtext('control.sms_codes'))`);
  const [sent] = await tx.query<Sent>(
    `select count(*) filter (where account_id = $1 and created_at > now() - interval '1 hour')::integer as "ofAccount",
       count(*) filter (where number_hash = $2 and same_use
         and created_at > now() - interval '1 hour')::integer as "ofNumber",
       count(*) filter (where number_hash = $2 and same_use)::integer as "ofNumberToday",
       count(*) filter (where challenge = $3)::integer as "ofChallenge",
       count(*)::integer as "ofAll",
       coalesce(bool_or((number_hash = $2 and same_use or account_id = $1)
         and created_at > clock_timestamp() - interval '20 seconds'), false) as "justNow"
     from control.sms_codes code
     cross join lateral (select (code.challenge is null) = ($3::bytea is null) as same_use) use
     where code.created_at > now() - interval '1 day'`,
    [by.accountId, by.numberHash, by.challenge],
  );
  if (!sent) throw new Error('nothing was counted');
  return sent;
}

/** A newer code ends those before it. */
export async function insertCode(
  tx: ControlTx,
  code: Omit<SmsCode, 'wrong'> & { numberHash: Buffer },
): Promise<void> {
  await endCodes(tx, code.accountId);
  await tx.execute(
    `insert into control.sms_codes (id, account_id, factor_id, challenge, number_hash, expires_at)
     values ($1, $2, $3, $4, $5, $6)`,
    [code.id, code.accountId, code.factorId, code.challenge, code.numberHash, code.expiresAt],
  );
}

/** The one that counts, for this challenge or to confirm this number. */
export async function findLiveCode(
  tx: ControlTx,
  by: { accountId: string; challenge: Buffer } | { accountId: string; factorId: string },
): Promise<SmsCode | undefined> {
  const [challenge, factorId] = 'challenge' in by ? [by.challenge, null] : [null, by.factorId];
  const rows = await tx.query<SmsCode>(
    `select ${CODE} from control.sms_codes code
     where code.account_id = $1 and code.ended_at is null and code.expires_at > now()
       and (code.challenge = $2 or ($2 is null and code.challenge is null and code.factor_id = $3))
     order by code.created_at desc limit 1`,
    [by.accountId, challenge, factorId],
  );
  return rows[0];
}

/** Of the queue: not sent, and still worth sending. */
export async function findUnsent(tx: ControlTx, id: string): Promise<SmsCode | undefined> {
  const rows = await tx.query<SmsCode>(
    `select ${CODE} from control.sms_codes code
     where code.id = $1 and code.sent_at is null and code.ended_at is null and code.expires_at > now()`,
    [id],
  );
  return rows[0];
}

export async function markSent(
  tx: ControlTx,
  { id, as }: { id: string; as: 'sent' | 'failed' },
): Promise<void> {
  await tx.execute(
    `update control.sms_codes set sent_at = case when $2 = 'sent' then now() end,
       ended_at = case when $2 = 'failed' then coalesce(ended_at, now()) else ended_at end
     where id = $1`,
    [id, as],
  );
}

/** Takes a code once; false when it was taken, replaced or is too old. */
export async function takeCode(
  tx: ControlTx,
  { id, factorId }: { id: string; factorId: string },
): Promise<boolean> {
  const count = await tx.execute(
    `update control.sms_codes set ended_at = now()
     where id = $1 and ended_at is null and expires_at > now()`,
    [id],
  );
  await tx.execute('update control.account_factors set last_used_at = now() where id = $1', [
    factorId,
  ]);
  return count === 1;
}

/** Counts a wrong answer, of which so many end it. Whether this was the last. */
export async function countWrongCode(tx: ControlTx, id: string, most: number): Promise<boolean> {
  const rows = await tx.query<{ over: boolean }>(
    `update control.sms_codes set wrong = wrong + 1,
       ended_at = case when wrong + 1 >= $2 then coalesce(ended_at, now()) else ended_at end
     where id = $1 returning wrong >= $2 as over`,
    [id, most],
  );
  return rows[0]?.over ?? true;
}

export async function endCodes(tx: ControlTx, accountId: string): Promise<void> {
  await tx.execute(
    'update control.sms_codes set ended_at = now() where account_id = $1 and ended_at is null',
    [accountId],
  );
}

/** Not confirmed: it counts once a code that was sent to it was shown. */
export async function insertPhone(
  tx: ControlTx,
  phone: NewFactor & { number: string },
): Promise<void> {
  await tx.execute(
    `insert into control.account_factors (id, account_id, kind, name, only_tenant)
     values ($1, $2, 'phone', $3, $4)`,
    [phone.id, phone.accountId, phone.name, phone.onlyTenant],
  );
  await tx.execute(
    `insert into control.account_secrets (id, account_id, kind, value) values ($1, $2, 'phone', $3)`,
    [phone.id, phone.accountId, phone.number],
  );
}

export async function confirmPhone(
  tx: ControlTx,
  { id, accountId }: { id: string; accountId: string },
): Promise<boolean> {
  const count = await tx.execute(
    `update control.account_factors set confirmed_at = now(), last_used_at = now()
     where id = $1 and account_id = $2 and kind = 'phone' and confirmed_at is null`,
    [id, accountId],
  );
  return count === 1;
}

/** What was sent is remembered for as long as a limit counts it. */
export function pruneCodes(tx: ControlTx): Promise<number> {
  return tx.execute(`delete from control.sms_codes where created_at < now() - interval '2 days'`);
}
