/** The part of an advisory in the format of OSV (ossf.github.io/osv-schema) that is read here. */
export type Advisory = {
  id: string;
  summary?: string;
  aliases?: string[];
  modified?: string;
  withdrawn?: string;
  severity?: { type: string; score: string }[];
  affected?: {
    package?: { ecosystem: string; name: string };
    ranges?: { type: string; events: Record<string, string>[] }[];
    versions?: string[];
    ecosystem_specific?: { severity?: string };
  }[];
  database_specific?: { severity?: string };
};

/** Something that ships, as the databases call it. */
export type Part = { ecosystem: string; name: string; version: string };

export type Match = { part: Part; advisory: Advisory; fixed: string | null; severity: Severity };
export type Severity = 'low' | 'moderate' | 'high' | 'critical' | 'unknown';
