import { z } from 'zod';
import { AppError } from '../platform/index.ts';
import { deceitIn, plainForm } from './look-alikes.ts';
import type { TenantState } from './repo/tenants.ts';

/** One line of visible text that looks like no other; in another Unicode form it is the same name. */
export const tenantNameSchema = z
  .string()
  .max(500)
  .transform(plainForm)
  .pipe(
    z
      .string()
      .min(1, 'must not be empty')
      .max(120, 'must have at most 120 characters')
      .superRefine((name, { addIssue }) => {
        const message = deceitIn(name);
        if (message !== null) addIssue({ code: 'custom', message });
      }),
  );

/** The name in its one form; throws invalid_input for what is none. */
export function parseTenantName(name: string): string {
  const read = tenantNameSchema.safeParse(name);
  if (read.success) return read.data;
  const why = read.error.issues[0]?.message ?? 'is not a name';
  throw new AppError('invalid_input', `The name ${why}`, {
    fields: [{ path: 'name', message: why }],
  });
}

export type TenantVerb = 'suspend' | 'resume' | 'rename' | 'retry' | 'delete';

const ALLOWED: Readonly<Record<TenantVerb, readonly TenantState[]>> = {
  suspend: ['active', 'sealed'],
  resume: ['suspended'],
  rename: ['provisioning', 'active', 'sealed', 'suspended', 'failed'],
  retry: ['failed'],
  delete: ['provisioning', 'active', 'sealed', 'suspended', 'failed'],
};

const IS_NOW: Readonly<Record<TenantState, string>> = {
  provisioning: 'is still being made',
  active: 'is active',
  sealed: 'is sealed',
  suspended: 'is suspended already',
  failed: 'could not be built; try again or delete it',
  dropping: 'is being deleted',
  dropped: 'is deleted',
};

/** Throws not_allowed_now when the verb makes no sense in this state; says which state it is. */
export function assertAllowed(verb: TenantVerb, state: TenantState): void {
  if (!ALLOWED[verb].includes(state))
    throw new AppError('not_allowed_now', `The tenant ${IS_NOW[state]}`);
}
