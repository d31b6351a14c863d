import type { TenantScope, TenantTx } from '../../platform/index.ts';

export type Ending = {
  readonly name: string;
  /** What A does in its transaction; it may fail, and B gets the connection either way. */
  readonly run: (tx: TenantTx) => Promise<unknown>;
  /** Reads, in A's own transaction, what this leaves; null where it leaves nothing to see. */
  readonly shows: ((tx: TenantTx) => Promise<boolean>) | null;
};

const seen = async (tx: TenantTx, text: string): Promise<boolean> =>
  (await tx.query(text)).length > 0;

/** Every bad end of a transaction, and all that one could leave on its connection. */
export function listEndings(schema: string, scope: TenantScope): Ending[] {
  return [...failures(schema), ...settings(schema, scope), ...leftovers()];
}

function failures(schema: string): Ending[] {
  return [
    { name: 'a statement that fails', run: (tx) => tx.query('select 1 / 0'), shows: null },
    {
      name: 'a failure that was swallowed',
      run: (tx) => tx.query('select 1 / 0').catch(() => undefined),
      shows: null,
    },
    {
      name: 'work that throws',
      run: () => Promise.reject(new Error('isolation test')),
      shows: null,
    },
    {
      name: 'a statement that was cancelled',
      run: async (tx) => {
        await tx.query(`select set_config('statement_timeout', '20', true)`);
        await tx.query('select pg_sleep(5)');
      },
      shows: null,
    },
    {
      name: 'a savepoint that was rolled back',
      run: async (tx) => {
        await tx.query('savepoint isolation_test');
        await tx.query('select 1 / 0').catch(() => undefined);
        await tx.query('rollback to savepoint isolation_test');
      },
      shows: (tx) => seen(tx, `select where current_user::text = '${schema}'`),
    },
  ];
}

function settings(schema: string, scope: TenantScope): Ending[] {
  const set =
    (name: string, value: string): ((tx: TenantTx) => Promise<unknown>) =>
    (tx) =>
      tx.query('select set_config($1, $2, false)', [name, value]);
  const isSet =
    (name: string, value: string) =>
    (tx: TenantTx): Promise<boolean> =>
      seen(tx, `select where current_setting('${name}', true) = '${value}'`);
  return [
    { name: 'a role for the session', run: set('role', schema), shows: isSet('role', schema) },
    {
      name: 'a proof for the session',
      run: set('casemate.proof', scope.proof),
      shows: isSet('casemate.proof', scope.proof),
    },
    {
      name: 'an account for the session',
      run: set('casemate.account', scope.accountId ?? ''),
      shows: isSet('casemate.account', scope.accountId ?? ''),
    },
    {
      name: 'a search path for the session',
      run: set('search_path', schema),
      shows: isSet('search_path', schema),
    },
    {
      name: 'a session that only reads',
      run: set('default_transaction_read_only', 'on'),
      shows: isSet('default_transaction_read_only', 'on'),
    },
    {
      name: 'a timeout for the session',
      run: set('statement_timeout', '90s'),
      shows: (tx) => seen(tx, `select where current_setting('statement_timeout') = '90s'`),
    },
  ];
}

function leftovers(): Ending[] {
  return [
    {
      name: 'a cursor held past the end',
      run: (tx) => tx.query('declare isolation_test cursor with hold for select * from documents'),
      shows: (tx) => seen(tx, `select from pg_cursors where name = 'isolation_test'`),
    },
    {
      name: 'a prepared statement',
      run: (tx) => tx.query('prepare isolation_test as select * from documents'),
      shows: (tx) => seen(tx, `select from pg_prepared_statements where name = 'isolation_test'`),
    },
    {
      name: 'a channel that it listens to',
      run: (tx) => tx.query('listen casemate_chat'),
      shows: null,
    },
  ];
}
