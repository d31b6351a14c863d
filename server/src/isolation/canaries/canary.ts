import type { ObjectKind } from '../requests/fixtures.ts';

/** Somebody who was made for the test, with a live session. */
export type CanaryPerson = {
  readonly accountId: string;
  readonly auditId: string;
  readonly email: string;
  readonly sessionId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
};

/** A tenant that was made for the test, with people and things of its own. */
export type CanaryTenant = {
  readonly id: string;
  readonly name: string;
  /** Stands in documents, titles, questions and answers, and nowhere outside the tenant. */
  readonly secret: string;
  /** Stands in the tenant's name and its people's names, which the platform's people may see. */
  readonly label: string;
  readonly admin: CanaryPerson;
  readonly member: CanaryPerson;
  readonly reviewer: CanaryPerson;
  readonly objects: Map<ObjectKind, string>;
};

export type Canaries = {
  readonly a: CanaryTenant;
  readonly b: CanaryTenant;
  /** Signed in, and member of nothing. */
  readonly stranger: CanaryPerson;
  /** Member of both: may reach B, but never through A's address. */
  readonly bridge: CanaryPerson;
  /** Administrator of the platform: sees that tenants are there, not what is in them. */
  readonly platform: CanaryPerson;
};
