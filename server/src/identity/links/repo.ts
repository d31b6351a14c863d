import type { ControlTx } from '../../platform/index.ts';

export type LinkPurpose = 'invitation' | 'reset' | 'email';

export type LinkRow = {
  hash: Buffer;
  purpose: LinkPurpose;
  accountId: string;
  invitationId: string | null;
  way: 'mail' | 'handed_over';
  expiresAt: Date;
  seal: Buffer;
};

const LINK = `link.hash, link.purpose, link.account_id as "accountId",
  link.invitation_id as "invitationId", link.way, link.expires_at as "expiresAt", link.seal`;

export async function insertLink(tx: ControlTx, link: LinkRow): Promise<void> {
  await tx.execute(
    `insert into control.account_links (hash, purpose, account_id, invitation_id, way, expires_at, seal)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      link.hash,
      link.purpose,
      link.accountId,
      link.invitationId,
      link.way,
      link.expiresAt,
      link.seal,
    ],
  );
}

export async function findLiveLink(
  tx: ControlTx,
  by: { hash: Buffer; purpose: LinkPurpose },
): Promise<LinkRow | undefined> {
  const rows = await tx.query<LinkRow>(
    `select ${LINK} from control.account_links link
     where link.hash = $1 and link.purpose = $2 and link.used_at is null and link.expires_at > now()`,
    [by.hash, by.purpose],
  );
  return rows[0];
}

/** Nothing when it was spent, has expired or never was. */
export async function markLinkUsed(
  tx: ControlTx,
  by: { hash: Buffer; purpose: LinkPurpose },
): Promise<LinkRow | undefined> {
  const rows = await tx.query<LinkRow>(
    `update control.account_links link set used_at = now()
     where link.hash = $1 and link.purpose = $2 and link.used_at is null and link.expires_at > now()
     returning ${LINK}`,
    [by.hash, by.purpose],
  );
  return rows[0];
}

/** Those of an account that are still good: of one purpose or of all, of one invitation or of all. */
export async function endLinks(
  tx: ControlTx,
  of: { accountId: string; purpose?: LinkPurpose; invitationId?: string },
): Promise<void> {
  await tx.execute(
    `update control.account_links set used_at = now()
     where account_id = $1 and used_at is null and purpose = coalesce($2, purpose)
       and ($3::uuid is null or invitation_id = $3)`,
    [of.accountId, of.purpose ?? null, of.invitationId ?? null],
  );
}

export async function pruneLinks(tx: ControlTx, days: number): Promise<void> {
  await tx.execute(
    'delete from control.account_links where expires_at < now() - make_interval(days => $1)',
    [days],
  );
}
