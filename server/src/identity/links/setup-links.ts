import type { ControlTx } from '../../platform/index.ts';

export type SetupLink = {
  kind: 'first_admin' | 'invitation';
  email: string | null;
  expiresAt: Date;
};

export async function findSetupLink(tx: ControlTx, hash: Buffer): Promise<SetupLink | undefined> {
  const rows = await tx.query<SetupLink>(
    `select link.kind, link.email, link.expires_at as "expiresAt" from control.setup_links link
     where link.hash = $1 and link.used_at is null and link.expires_at > now()`,
    [hash],
  );
  return rows[0];
}

/** Spends the link; nothing when it was spent, has expired or never was. */
export async function spendSetupLink(tx: ControlTx, hash: Buffer): Promise<SetupLink | undefined> {
  const rows = await tx.query<SetupLink>(
    `update control.setup_links link set used_at = now()
     where link.hash = $1 and link.used_at is null and link.expires_at > now()
     returning link.kind, link.email, link.expires_at as "expiresAt"`,
    [hash],
  );
  return rows[0];
}

export async function insertSetupLink(
  tx: ControlTx,
  link: { hash: Buffer; kind: SetupLink['kind']; hours: number },
): Promise<Date> {
  const rows = await tx.query<{ expiresAt: Date }>(
    `insert into control.setup_links (hash, kind, expires_at)
     values ($1, $2, now() + make_interval(hours => $3)) returning expires_at as "expiresAt"`,
    [link.hash, link.kind, link.hours],
  );
  return rows[0]?.expiresAt ?? new Date(0);
}

/** A new link makes the older unused ones worthless. */
export async function expireSetupLinks(tx: ControlTx, kind: SetupLink['kind']): Promise<void> {
  await tx.execute(
    `update control.setup_links set used_at = now() where kind = $1 and used_at is null`,
    [kind],
  );
}
