import type { ClientBase, PoolClient, QueryResult } from 'pg';
import { statementsOf } from './statements.ts';
import type { Statements } from './types.ts';

/** Takes a connection out of the pool; `release` gives it back. */
export type Acquire = () => Promise<PoolClient>;

/** What opens a transaction: messages that ride in one round trip with the first statement. */
export type Opening = (client: PoolClient) => Promise<unknown>;

/** What stands around the work: `ending` is COMMIT, perhaps behind a last check in the same message. */
export type Frame = { opening: Opening; ending?: string };

const COMMIT = 'COMMIT';

type Connection = Pick<ClientBase, 'query'>;

/**
 * Whatever a statement set for the session, took as a lock, listened to, prepared or held open ends
 * with the transaction: a cursor WITH HOLD would show one tenant's rows to the next.
 */
const CLEAN =
  'RESET ROLE; RESET ALL; CLOSE ALL; DEALLOCATE ALL; UNLISTEN *; SELECT pg_advisory_unlock_all()';

/**
 * Runs `work` between an opening and COMMIT on one connection of the pool, pipelined. Statements
 * that `work` sends after its end are refused: the connection may be in another tenant's hands.
 * Throws what `work` throws, and when COMMIT did not commit.
 */
export async function inTransaction<T>(
  acquire: Acquire,
  { opening, ending: last = COMMIT }: Frame,
  work: (statements: Statements, client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await acquire();
  inOneWrite(client);
  const gate = createGate(client);
  try {
    const begun = opening(client);
    const working = run(() => work(statementsOf(gate.connection), client));
    const [, value] = await Promise.all([begun, working]);
    gate.close();
    const ending = commit(client, last);
    await ending.committed;
    releaseAfter(client, ending);
    return value;
  } catch (error) {
    gate.close();
    client.release(await rollBack(client));
    throw error;
  }
}

/** The same for exactly one statement: opening, statement and COMMIT in a single round trip. */
export async function inOneRoundTrip<T>(
  acquire: Acquire,
  { opening, ending: last = COMMIT }: Frame,
  work: (statements: Statements) => Promise<T>,
): Promise<T> {
  const client = await acquire();
  inOneWrite(client);
  const gate = createGate(client);
  try {
    const begun = opening(client);
    let ending: Ending | undefined;
    const once: Connection = {
      query: ((config: unknown) => {
        // eslint-disable-next-line casemate/no-string-built-sql -- passes on what a repo wrote, behind the gate
        const answer = gate.connection.query(config as never) as unknown as Promise<unknown>;
        // Behind a closed gate nothing may be sent: the connection may be in other hands.
        if (gate.isOpen()) ending = commit(client, last);
        gate.close('readTenant takes one statement; use withTenant');
        return answer;
      }) as ClientBase['query'],
    };
    const working = run(() => work(statementsOf(once)));
    const [, value] = await Promise.all([begun, working]);
    gate.close();
    ending ??= commit(client, last);
    await ending.committed;
    releaseAfter(client, ending);
    return value;
  } catch (error) {
    gate.close();
    client.release(await rollBack(client));
    throw error;
  }
}

/** Work that throws before its first await rejects too, so that nobody forgets what is already sent. */
async function run<T>(work: () => Promise<T>): Promise<T> {
  return work();
}

/** What is sent in this turn leaves together: each write of its own wakes the database once more. */
function inOneWrite(client: PoolClient): void {
  const { stream } = client.connection;
  stream.cork();
  process.nextTick(() => stream.uncork());
}

type Ending = { committed: Promise<void>; cleaned: Promise<Error | undefined> };

/**
 * PostgreSQL answers COMMIT of a failed transaction with ROLLBACK and no error; that is an error here.
 * What cleans the session rides behind COMMIT: whoever waits for the answer need not wait for that.
 */
function commit(client: PoolClient, last: string): Ending {
  inOneWrite(client);
  // eslint-disable-next-line casemate/no-string-built-sql -- a constant of with-tenant or COMMIT itself
  const sent: Promise<QueryResult | QueryResult[]> = client.query(last);
  const committed = sent.then((results) => {
    if ([results].flat().at(-1)?.command !== 'COMMIT')
      throw new Error('the transaction had failed before its end and was rolled back');
  });
  // The opening or the statement may fail first, and then nobody asks how COMMIT went.
  committed.catch(() => undefined);
  return { committed, cleaned: failureOf(client.query(CLEAN)) };
}

/** Statements outside a transaction; the session is cleaned behind them all the same. */
export async function inAutocommit<T>(
  acquire: Acquire,
  work: (statements: Statements, client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await acquire();
  const gate = createGate(client);
  try {
    return await work(statementsOf(gate.connection), client);
  } finally {
    gate.close();
    void failureOf(client.query(CLEAN)).then((spoiled) => client.release(spoiled));
  }
}

/** A connection that can't be cleaned may still hold a role: it is thrown away, never pooled again. */
function releaseAfter(client: PoolClient, { cleaned }: Ending): void {
  void cleaned.then((spoiled) => client.release(spoiled));
}

function rollBack(client: PoolClient): Promise<Error | undefined> {
  return failureOf(Promise.all([client.query('ROLLBACK'), client.query(CLEAN)]));
}

function failureOf(sent: Promise<unknown>): Promise<Error | undefined> {
  return sent.then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error : new Error('the session was not cleaned')),
  );
}

type Gate = { connection: Connection; isOpen(): boolean; close(why?: string): void };

function createGate(client: PoolClient): Gate {
  let closed: string | undefined;
  return {
    isOpen: () => closed === undefined,
    connection: {
      query: (config: unknown) => {
        if (closed !== undefined) return Promise.reject(new Error(closed));
        // eslint-disable-next-line casemate/no-string-built-sql -- passes on what a repo wrote, behind the gate
        return client.query(config as never);
      },
    },
    close: (why = 'this transaction has ended') => {
      closed ??= why;
    },
  };
}
