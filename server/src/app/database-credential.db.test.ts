import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { writeAsOperator } from '../../tests/ask-as-operator.ts';
import { partsInfo } from '../../tests/parts-info.ts';
import { startAppliance, type TestAppliance } from '../../tests/test-appliance.ts';
import { databaseCredential } from './database-credential.ts';

/** A login role that the engine knows nothing of, as in a database of the customer's own. */
const LOGIN = 'casemate_server_4711';

describe('the password of a database that the engine does not manage', () => {
  let appliance: TestAppliance;

  beforeAll(async () => {
    appliance = await startAppliance();
  });
  afterAll(async () => {
    await appliance.superuser.query(`drop owned by ${LOGIN}; drop role ${LOGIN}`);
    await appliance.stop();
  });

  const credentialOf = () => databaseCredential(appliance.parts.platform.vault);
  const write = async (password: string): Promise<void> => {
    const { status } = await writeAsOperator('kv/data/database/server', { data: { password } });
    expect(status).toBe(200);
    await appliance.superuser.query(
      `do $$ begin
         if to_regrole('${LOGIN}') is null then create role ${LOGIN} login; end if;
       end $$;
       alter role ${LOGIN} password '${password}';
       grant connect on database ${appliance.config.CASEMATE_DATABASE_NAME} to ${LOGIN}`,
    );
  };

  it('SEC-03: is asked for in vain while nobody wrote it, and says so', async () => {
    await expect(credentialOf()(LOGIN, false)).rejects.toMatchObject({
      code: 'unavailable',
      message: `The key service holds no database password for ${LOGIN}`,
    });
  });

  it('SEC-03: is what the operator wrote into kv, and after a change what was written then', async () => {
    const ask = credentialOf();
    for (const password of [randomBytes(12).toString('hex'), randomBytes(12).toString('hex')]) {
      await write(password);
      const credential = await ask(LOGIN, true);
      expect(credential).toEqual({ username: LOGIN, password });
      const client = new pg.Client({
        host: partsInfo().socketDir,
        port: partsInfo().port,
        database: appliance.config.CASEMATE_DATABASE_NAME,
        user: credential.username,
        password: credential.password,
      });
      await client.connect();
      await client.end();
    }
  });

  it('ENC-07: the engine goes before it: what stands in kv changes nothing for an account it manages', async () => {
    await write('only-in-kv');
    const { password } = await credentialOf()('casemate_server', false);
    expect(password).not.toBe('only-in-kv');
  });
});
