import { AppError, type ControlTx } from '../../platform/index.ts';

const FREE = 5;
const BLOCK_SECONDS = 60;

/** Throws rate_limited while too many wrong sets of shares were just given, by whomever. */
export async function refuseWhileBlocked(tx: ControlTx, tenantId: string): Promise<void> {
  const [row] = await tx.query<{ seconds: number }>(
    `select ceil(extract(epoch from tries.blocked_until - now()))::int as seconds
     from control.seal_tries tries where tries.tenant_id = $1 and tries.blocked_until > now()`,
    [tenantId],
  );
  if (!row) return;
  throw new AppError('rate_limited', 'Too many wrong shares were given; wait a minute', {
    retryAfterSeconds: row.seconds,
  });
}

/** Counts a wrong set; every fifth in a row closes the door for a minute. */
export async function countWrong(tx: ControlTx, tenantId: string): Promise<void> {
  await tx.execute(
    `insert into control.seal_tries (tenant_id, failures) values ($1, 1)
     on conflict (tenant_id) do update set failures = seal_tries.failures + 1,
       blocked_until = case when (seal_tries.failures + 1) % $2 = 0
         then now() + make_interval(secs => $3) else seal_tries.blocked_until end`,
    [tenantId, FREE, BLOCK_SECONDS],
  );
}

export async function forgetWrong(tx: ControlTx, tenantId: string): Promise<void> {
  await tx.execute('delete from control.seal_tries where tenant_id = $1', [tenantId]);
}
