import { recordOnPlatform } from '../../../audit/index.ts';
import { AppError, type RequestContext, type TryOutcome } from '../../../platform/index.ts';
import type { IdentityParts } from '../../parts.ts';
import { foresee } from '../admit-from-directory.ts';
import { findOwn, type Owner } from '../change-connections.ts';
import type { Decision } from '../policy.ts';
import type { ConnectionRow } from '../repo.ts';
import { soundConnection } from '../seals.ts';
import { beginPersonTry, endPersonTry } from './count-person-tries.ts';
import { provePerson, type Doubt, type Proof } from './prove-person.ts';

type Wish = { owner: Owner; id: string; email: string; password: string | null };
type Step = { step: string; fault: string | null };

export type Examined = {
  steps: Step[];
  found: { dn: string; email: string | null; name: string | null; groups: string[] } | null;
  decision: Decision | null;
};

const STEPS = [
  'The directory answers, under a certificate that is believed',
  'Its account may search',
  'One person has this address',
  'The password is theirs',
  'Their account there is in force',
] as const;

/** What is wrong, and with which step. */
const FAULTS: Readonly<Record<Doubt, [step: number, fault: string]>> = {
  other_domain: [2, 'The address is of no domain of this connection that was shown to be yours'],
  unknown: [2, 'Nobody was found: look at the base, the filter and what the account may read'],
  several: [2, 'Several were found: make the filter narrower'],
  unsound: [2, 'The entry has no entryUUID (objectGUID), or a name that is none'],
  wrong_password: [3, 'The directory refuses the password'],
  account_ended: [4, 'The account is disabled, expired or locked in the directory'],
  must_change: [4, 'The person must first change their password in the directory'],
  unreadable: [4, 'The account that searches may not read userAccountControl or accountExpires'],
};

/**
 * Goes the way of a sign-in step by step for whoever sets the connection up, and says what would come of it.
 * A password is counted as at a sign-in: this is no way to try many.
 */
export async function examineDirectory(
  ctx: RequestContext,
  parts: IdentityParts,
  { owner, id, email, password }: Wish,
): Promise<Examined> {
  const connection = soundConnection(ctx, await ctx.inControl((tx) => findOwn(tx, owner, id)));
  if (connection?.kind !== 'ldap')
    throw new AppError('not_allowed_now', 'This test is for a sound connection of kind LDAP');
  await record(ctx, connection);
  let proof: Proof;
  try {
    proof = await tryCounted(ctx, connection, { email, password });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'unavailable') throw error;
    const at = error.message.includes('refuses the account') ? 1 : 0;
    return { steps: stepsTo(at, `${error.message}${whyOf(error)}`, password), ...NOTHING };
  }
  const { entry } = proof;
  const found = entry && { dn: entry.dn, email: entry.email, name: entry.name, groups: [] };
  if (proof.kind === 'doubt') {
    const [at, fault] = FAULTS[proof.doubt];
    return { steps: stepsTo(at, fault, password), found, decision: null };
  }
  const { person } = proof;
  return {
    steps: stepsTo(STEPS.length, null, password),
    found: found && { ...found, groups: [...person.groups] },
    decision: await foresee(ctx, parts, { connection, person }),
  };
}

const NOTHING = { found: null, decision: null };

async function tryCounted(
  ctx: RequestContext,
  connection: ConnectionRow,
  claim: { email: string; password: string | null },
): Promise<Proof> {
  if (claim.password === null) return provePerson(ctx, connection, claim);
  const tried: string[] = [];
  let outcome: TryOutcome = 'unknown';
  try {
    const beforeTry = async (subject: string): Promise<void> => {
      await beginPersonTry(ctx, connection, subject);
      tried.push(subject);
    };
    const proof = await provePerson(ctx, connection, { ...claim, beforeTry });
    // A right password here forgets nothing: who guesses must not be able to begin anew with their own.
    outcome = proof.kind === 'doubt' ? 'wrong' : 'unknown';
    return proof;
  } finally {
    for (const subject of tried) await endPersonTry(ctx, connection, { subject, outcome });
  }
}

function stepsTo(at: number, fault: string | null, password: string | null): Step[] {
  return STEPS.slice(0, at + 1)
    .map((step, n) => ({ step, fault: n === at ? fault : null, n }))
    .filter(({ n }) => n !== 3 || password !== null)
    .map(({ step, fault: why }) => ({ step, fault: why }));
}

/** What the wire says, for whoever sets it up: never what a directory holds. */
function whyOf({ cause }: AppError): string {
  const { code = '', message = '' } = (cause ?? {}) as { code?: unknown; message?: string };
  const words = `${typeof code === 'string' ? code : ''} ${message}`.trim().slice(0, 200);
  return words === '' ? '' : ` (${words})`;
}

async function record(ctx: RequestContext, { id, tenantId }: ConnectionRow): Promise<void> {
  await ctx.inControl((tx) =>
    recordOnPlatform(tx, ctx, {
      action: 'connection.examine',
      resourceType: 'connection',
      resourceId: id,
      ...(tenantId === null ? {} : { tenantId }),
    }),
  );
}
