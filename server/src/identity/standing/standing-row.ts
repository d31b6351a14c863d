import type { TenantRole } from '../../platform/index.ts';

/** What control.standing answers of a membership; seals in hexadecimal digits. */
export type StandingRow = {
  readonly role: TenantRole;
  readonly level: number | null;
  readonly customRoles: readonly string[];
  readonly seal: string | null;
  readonly custom: readonly CustomRoleRow[];
  readonly features: {
    readonly minimum: Readonly<Record<string, number>>;
    readonly seal: string;
  } | null;
  /** Whether everybody needs a second factor; null where the tenant has not said. */
  readonly factors: { readonly everyone: boolean; readonly seal: string } | null;
};

export type CustomRoleRow = {
  readonly id: string;
  readonly name: string;
  readonly permissions: readonly string[];
  readonly seal: string;
};
