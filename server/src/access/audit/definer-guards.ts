/** What guards a function that runs with its owner's rights: in words, and by text of its body. */
export type DefinerGuard = { readonly words: string; readonly holds: string };

const CLAIM = 'if claimed is null then';

/**
 * ISO-11: each definer function, reviewed. `holds` must stand in the body that the database has now;
 * a function that is not here, or has lost it, fails the audit.
 */
export const DEFINER_GUARDS: Readonly<Record<string, DefinerGuard>> = {
  'control.tenant()': {
    words: 'knows a tenant only by the SHA-256 of the proof that the transaction holds',
    holds: "sha256(convert_to(nullif(current_setting('casemate.proof', true)",
  },
  'control.enqueue_job(uuid,text,uuid,integer)': {
    words: 'refuses without a proven tenant; the job is of that tenant, never for the provisioner',
    holds: CLAIM,
  },
  'control.cancel_jobs(uuid)': {
    words: 'refuses without a proven tenant; touches jobs of that tenant alone',
    holds: CLAIM,
  },
  'control.waiting_provisioning(integer)': {
    words: 'answers the server alone, and with ids of tenants only',
    holds: "session_user = 'casemate_server'",
  },
  'control.drop_search_index(uuid)': {
    words: 'touches the search index of a tenant that has sealed itself, and of no other',
    holds: "t.tier = 'sealed' and t.sealed_at is not null",
  },
  'control.search_index_bytes(uuid)': {
    words: 'tells the size of four tables of one tenant, never what is in them',
    holds: "class.relname in ('chunk_words', 'lexemes', 'embeddings', 'search_index')",
  },
  'control.remove_canary_account(uuid)': {
    words: 'refuses any account that no isolation test made',
    holds: "noted.kind = 'account'",
  },
  'control.count_refusals(uuid[],timestamp with time zone)': {
    words: 'counts refusals of the accounts of isolation tests alone',
    holds: "noted.kind = 'account'",
  },
  'casemate_rotation.set_password(text,text)': {
    words: 'refuses accounts that are not ours, and anything but a SCRAM verifier',
    holds: "account !~ '^casemate_",
  },
  'casemate_rotation.end_sessions(timestamp with time zone)': {
    words: 'ends sessions of our own accounts alone, and none that are still to come',
    holds: "activity.usename ~ '^casemate_",
  },
};
