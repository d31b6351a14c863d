import type { DirectoryPerson } from './admit-from-directory.ts';
import type { NameAtProvider } from './saml/sign-out-at-provider.ts';

/** Who has signed in at a provider, and how. */
export type Shown = {
  person: DirectoryPerson;
  /** The provider's own name of the session. */
  session: string | null;
  /** Whether the provider says that it saw a second factor of a kind that the connection trusts. */
  factor: boolean;
  /** When the person showed themselves to the provider (`auth_time`, AuthnInstant); null where it does not say. */
  authenticatedAt: Date | null;
  /** Of SAML: what it has to be told to end that session. */
  nameAtProvider?: NameAtProvider;
  /** What it said, for a test. */
  claims: Record<string, unknown>;
};
