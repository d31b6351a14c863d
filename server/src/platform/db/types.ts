import type { Deadline } from '../resilience/deadline.ts';

declare const tenantBrand: unique symbol;
declare const controlBrand: unique symbol;
declare const platformLogBrand: unique symbol;

export type Row = Record<string, unknown>;

/** One statement at a time, extended protocol, values never spliced into the text. */
export type Statements = {
  /** The rows of one statement. */
  query<R extends Row>(text: string, values?: readonly unknown[]): Promise<R[]>;
  /** The number of rows that one statement changed. */
  execute(text: string, values?: readonly unknown[]): Promise<number>;
};

/** A transaction in one tenant's role and schema. Only `withTenant` makes one. */
export type TenantTx = Statements & {
  readonly tenantId: string;
  /** Whose rows row security lets through, for a condition that the statement states itself. */
  readonly accountId: string | null;
  readonly [tenantBrand]: true;
};

/** A transaction on the control schema. Only `withControl` makes one. */
export type ControlTx = Statements & {
  /** A migration file: many statements, the simple protocol. Never with a value in it. */
  script(text: string): Promise<void>;
  readonly [controlBrand]: true;
};

/** A transaction on the platform's own audit log. Only `inPlatformAuditor` makes one. */
export type PlatformLogTx = Statements & {
  readonly tenantId: null;
  readonly [platformLogBrand]: true;
};

/** What opens a tenant: the proof comes from the key service and is rotated with its epoch. */
export type TenantScope = {
  readonly tenantId: string;
  /** Which of the server's login roles may become the tenant's: `casemate_server_<bucket>`. */
  readonly bucket: number;
  /** 64 hexadecimal digits; the database knows only its SHA-256. */
  readonly proof: string;
  /** Whose rows row security lets through where a table holds one person's rows; null for jobs. */
  readonly accountId: string | null;
  /** The time left bounds each statement; without one the role's own timeout does. */
  readonly deadline?: Deadline;
  /**
   * The transaction fails with `TenantClosed` when the tenant was closed before its end: row security
   * then shows no rows, which must not pass for what the tenant holds.
   */
  readonly mustStayOpen?: boolean;
};
