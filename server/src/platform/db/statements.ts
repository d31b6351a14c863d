import type { ClientBase, QueryResult } from 'pg';
import type { Row, Statements } from './types.ts';

/**
 * The extended protocol takes exactly one statement, so an injected `; RESET ROLE` is a syntax
 * error instead of a second command. Statements are not named: a named plan breaks while a rolling
 * upgrade adds a column.
 */
export function statementsOf(client: Pick<ClientBase, 'query'>): Statements {
  const send = (text: string, values: readonly unknown[]): Promise<QueryResult<Row>> =>
    client.query({ text, values: [...values], queryMode: 'extended' } as {
      text: string;
      values: unknown[];
    });
  return {
    query: async <R extends Row>(text: string, values: readonly unknown[] = []) =>
      (await send(text, values)).rows as R[],
    execute: async (text, values = []) => (await send(text, values)).rowCount ?? 0,
  };
}
