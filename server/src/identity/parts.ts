import type { TokenPepper } from '../platform/index.ts';
import type { Rights } from './rights/rights.ts';
import type { AccessTokens } from './access-token.ts';
import type { PasswordHasher } from './password-hasher.ts';
import type { LeakedPasswords } from './passwords/leaked-passwords.ts';
import type { SessionWatch } from './session-watch.ts';
import type { SessionCache } from './session-cache.ts';

/** What the room's actions need besides the context; `app` makes it once. */
export type IdentityParts = {
  readonly tokens: AccessTokens;
  readonly hasher: PasswordHasher;
  readonly leaked: LeakedPasswords;
  /** Whether the site has named a mail relay; without one links are handed over. */
  readonly relay: boolean;
  /** Which rows of the database this server wrote. */
  readonly rights: Rights;
  readonly sessions: SessionCache;
  readonly pepper: TokenPepper;
  /** For requests that last. */
  readonly watch: SessionWatch;
};
