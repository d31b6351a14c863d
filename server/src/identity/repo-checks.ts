import type { ControlTx } from '../platform/index.ts';

/** A hash that begins with `!` lets nobody in: accounts of checks, and of providers. */
export async function countWeakHashes(tx: ControlTx): Promise<{ total: number; weak: number }> {
  const [row] = await tx.query<{ total: string; weak: string }>(
    `select count(*) filter (where password_hash not like '!%') as total,
       count(*) filter (where password_hash not like '!%'
         and password_hash !~ '^\\$2b\\$(1[2-9]|2[0-9]|3[01])\\$[./A-Za-z0-9]{53}$') as weak
     from (select password_hash from control.accounts
           union all select hash from control.password_history) stored`,
  );
  return { total: Number(row?.total ?? 0), weak: Number(row?.weak ?? 0) };
}

/**
 * Tables with a column for e-mail addresses or names of persons besides control.accounts. An
 * invitation is for an address that has no account yet; while one is kept, it is named here.
 */
export async function listCopiesOfPersons(tx: ControlTx): Promise<string[]> {
  const rows = await tx.query<{ place: string }>(
    `select space.nspname || '.' || class.relname || '.' || attribute.attname as place
     from pg_attribute attribute
     join pg_class class on class.oid = attribute.attrelid and class.relkind in ('r', 'p', 'v', 'm')
     join pg_namespace space on space.oid = class.relnamespace
     where (space.nspname = 'control' or space.nspname ~ '^tenant_[0-9a-f]{32}$')
       and attribute.attnum > 0 and not attribute.attisdropped
       and attribute.attname ~ '(e_?mail|(first|last|full|given|family|person|user|account|display)_name|phone)'
       and not (space.nspname = 'control' and class.relname = 'accounts')
       and not (space.nspname = 'control' and class.relname = 'setup_links'
                and not exists (select from control.setup_links link where link.email is not null))
       -- What a directory wrote of people (SCIM) is ciphertext elsewhere; user_name is the id of its row then.
       and not (space.nspname = 'control' and class.relname = 'directory_users'
                and not exists (select from control.directory_users former
                                where former.user_name <> former.id::text or former.external_id is not null
                                  or former.attributes <> '{}'))
     order by place limit 20`,
  );
  return rows.map(({ place }) => place);
}
