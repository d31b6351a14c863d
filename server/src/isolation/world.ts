import type { Canaries } from './canaries/canary.ts';
import type { Ledger } from './ledger.ts';
import type { HttpClient } from './requests/http-client.ts';
import type { Subject } from './subject.ts';
import type { Watch } from './watch/watch-tenant.ts';

/** All that an attack needs: what is attacked, who attacks, and where it is written down. */
export type World = Canaries & {
  readonly subject: Subject;
  readonly runId: string;
  readonly ledger: Ledger;
  readonly http: HttpClient;
  /** Of tenant B, which every attempt is after. */
  readonly watch: Watch;
};
