import { tenantKeyPlace } from '../../crypto/index.ts';
import { tenantName, type KeyPlace } from '../../platform/index.ts';
import { findTenant, makeProof } from '../../tenancy/index.ts';
import type { World } from '../world.ts';
import { keyReader, type KeyReader } from './key-reader.ts';

const UNWRAPS = "B's data key, unwrapped by B's key in B's context";

/**
 * The key catalog: B's wrapped data key under A's key and in A's context, the other way round, and
 * what one tenant's key ring gives after another's was opened.
 */
export async function attackKeys(world: World): Promise<void> {
  const { a, b, ledger, subject } = world;
  const { keys } = subject.ctx.platform;
  const wrapped = { a: await readWrapped(world, 'a'), b: await readWrapped(world, 'b') };
  const opens = async (place: KeyPlace, text: string): Promise<boolean> => {
    try {
      const [key] = await keys.unwrap(place, [text]);
      key?.fill(0);
      return key !== undefined && key.length > 0;
    } catch {
      return false;
    }
  };
  const [ofA, ofB] = [tenantKeyPlace(a.id), tenantKeyPlace(b.id)];
  const attempts: [string, KeyPlace, string][] = [
    ["B's data key by A's key in A's context", ofA, wrapped.b],
    ["B's data key by A's key in B's context", { ...ofA, context: ofB.context }, wrapped.b],
    ["B's data key by B's key in A's context", { ...ofB, context: ofA.context }, wrapped.b],
    ["B's data key by B's key in no context", { ...ofB, context: '' }, wrapped.b],
    ["A's data key by B's key in B's context", ofB, wrapped.a],
    ["B's data key by the platform's key", { ...ofB, key: 'platform' }, wrapped.b],
  ];
  for (const [name, place, text] of attempts)
    ledger.attempt(
      { kind: 'keys', name, twin: UNWRAPS },
      (await opens(place, text)) ? { what: 'the data key unwraps', bytes: 32 } : null,
    );
  ledger.twin('keys', UNWRAPS, (await opens(ofB, wrapped.b)) ? null : 'it does not unwrap');
  await attackRings(world);
  await attackProofs(world);
}

async function readWrapped({ a, b, subject }: World, whose: 'a' | 'b'): Promise<string> {
  const tenant = whose === 'a' ? a : b;
  const scope = await subject.openTenant(tenant.id, null);
  return subject.db.inTenant(scope, async (tx) => {
    const rows = await tx.query<{ wrapped: string }>(
      `select key.wrapped from data_keys key where key.state = 'current'`,
    );
    return rows[0]?.wrapped ?? '';
  });
}

const RING = 'a ring that opened another tenant first still seals for its own';

/** A ring that was cached under anything but the tenant would seal A's text with B's key. */
async function attackRings({ a, b, ledger, subject }: World): Promise<void> {
  const readerOf = (tenantId: string): KeyReader => keyReader(subject, tenantId);
  const shared = subject.newKeys();
  await shared.open(readerOf(b.id));
  const afterB = await shared.open(readerOf(a.id));
  const place = { table: 'isolation', row: '1', field: 'test' };
  const sealed = afterB.encrypt(place, a.secret);
  const opens = async (tenantId: string): Promise<boolean> => {
    try {
      return (await subject.newKeys().open(readerOf(tenantId))).decrypt(place, sealed) === a.secret;
    } catch {
      return false;
    }
  };
  const own = await opens(a.id);
  const theirs = await opens(b.id);
  ledger.attempt(
    {
      kind: 'keys',
      name: "A's text, sealed by a ring that opened B before, under B's key",
      twin: RING,
    },
    // The associated data names the tenant: B's ring would refuse A's text even under B's key.
    own && !theirs ? null : { what: "it is under a key that is not A's", bytes: a.secret.length },
  );
  ledger.twin('keys', RING, own ? null : "it does not open with A's own key");
}

const PROOF = "B's proof of now";

/** Proofs of other epochs and other tenants open nothing of B. */
async function attackProofs({ b, ledger, subject }: World): Promise<void> {
  const { vault } = subject.ctx.platform;
  const scope = await subject.openTenant(b.id, b.admin.accountId);
  const countKeys = async (proof: string): Promise<number> =>
    subject.db.inTenant({ ...scope, proof }, async (tx) => {
      const rows = await tx.query<{ count: number }>(
        `select count(*)::integer as count from "${tenantName(b.id)}".data_keys`,
      );
      return rows[0]?.count ?? 0;
    });
  const tenant = await subject.ctx.inControl((tx) => findTenant(tx, b.id));
  const now = tenant?.epoch ?? 1;
  for (const epoch of [now - 1, now + 1, now + 99]) {
    const rows = await countKeys(await makeProof(vault, { id: b.id, epoch }));
    ledger.attempt(
      { kind: 'keys', name: `B's proof of epoch ${epoch}`, twin: PROOF },
      rows > 0 ? { what: 'an old or coming proof opens the tenant', rows } : null,
    );
  }
  ledger.twin('keys', PROOF, (await countKeys(scope.proof)) > 0 ? null : 'opens nothing');
}
