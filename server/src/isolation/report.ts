/** The kinds of attempts; each is one way in which a tenant could be reached from outside. */
export const KINDS = [
  'routes',
  'credentials',
  'injection',
  'streams',
  'jobs',
  'tables',
  'connections',
  'fields',
  'keys',
  'files',
  'caches',
  'channels',
  'traces',
] as const;

export type Kind = (typeof KINDS)[number];

/** What the catalogs of the system name; each entry must have been attacked. */
export const CATALOGS = [
  'routes',
  'id_positions',
  'text_fields',
  'tables',
  'job_kinds',
  'encrypted_columns',
  'channels',
  'credentials',
] as const;

export type Catalog = (typeof CATALOGS)[number];

/** What an attempt got: bytes or rows of the other tenant, a change of it, or another answer. */
export type Found = {
  readonly what: string;
  readonly bytes?: number;
  readonly rows?: number;
  readonly effects?: number;
};

export type Leak = {
  readonly kind: Kind;
  readonly attempt: string;
  readonly what: string;
  readonly bytes: number;
  readonly rows: number;
  readonly effects: number;
};

/** An attempt whose twin did not succeed: it shows nothing, and fails the test. */
export type NotShown = { readonly kind: Kind; readonly attempt: string; readonly why: string };

export type Coverage = { covered: number; of: number; missing: string[] };

export type KindCount = {
  attempts: number;
  twins: number;
  leaks: number;
  not_shown: number;
  seconds: number;
};

/** The answer of `casemate isolation test --json`; its shape is stable. */
export type Report = {
  readonly ok: boolean;
  readonly version: string;
  readonly at: string;
  readonly seconds: number;
  readonly attempts: number;
  readonly twins: number;
  readonly leaks: readonly Leak[];
  readonly bytes: number;
  readonly rows: number;
  readonly effects: number;
  readonly not_shown: readonly NotShown[];
  readonly coverage: Readonly<Record<Catalog, Coverage>>;
  readonly by_kind: Readonly<Record<Kind, KindCount>>;
  /** Kinds that were left out on purpose; a report with any is no evidence. */
  readonly skipped: readonly Kind[];
};

/** Signed like other evidence (docs/trust.md); without a signature where nothing signs. */
export type SignedReport = Report & {
  /** What the text is for; signed with it. */
  readonly type?: string;
  readonly signature?: { readonly algorithm: string; readonly key: string; readonly value: string };
};
