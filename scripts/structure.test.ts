import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { checkUnfinished } from './structure/check-comments.ts';
import { checkDefinerFunctions } from './structure/check-definer-functions.ts';
import { checkEnvironment } from './structure/check-environment.ts';
import { checkExtensions, checkImports } from './structure/check-imports.ts';
import { checkLinks } from './structure/check-links.ts';
import { checkRowChanges, checkTenantTables } from './structure/check-migrations.ts';
import { checkNames } from './structure/check-names.ts';
import { checkNotify } from './structure/check-notify.ts';
import { checkRoomHeaders } from './structure/check-room-headers.ts';
import { checkRoutes } from './structure/check-routes.ts';
import { checkSizes } from './structure/check-sizes.ts';
import { checkSuppressions } from './structure/check-suppressions.ts';
import { ENVIRONMENT_READERS } from './structure/environment-readers.ts';
import { listFiles, readFiles } from './structure/list-files.ts';
import { listRoutes } from './structure/list-routes.ts';

const root = path.resolve(import.meta.dirname, '..');
const paths = listFiles(root);
const files = readFiles(root, paths);
const migrations = files.filter(({ path: file }) => /^server\/migrations\/.*\.sql$/.test(file));
const tenantMigrations = migrations.filter(({ path: file }) => file.includes('/tenant/'));

/** STYLE.md, proven on the tree as it stands. Each check has its own test on bad samples. */
describe('the tree', () => {
  it('imports go down, through index.ts only', () => expect(checkImports(files)).toEqual([]));
  it('imports name the extension', () => expect(checkExtensions(files)).toEqual([]));
  it('every room has a header of 3 to 8 lines', () => expect(checkRoomHeaders(files)).toEqual([]));
  it('files are short', () => expect(checkSizes(files)).toEqual([]));
  it('names are in kebab-case and say something', () => expect(checkNames(paths)).toEqual([]));
  it('no suppression stands without its reason', () =>
    expect(checkSuppressions(files)).toEqual([]));
  it('links between pages lead somewhere', () => expect(checkLinks(files, paths)).toEqual([]));
  it('no work is left undone in the code', () => expect(checkUnfinished(files)).toEqual([]));
  it('SEC-02: each program has one reader of the environment', () => {
    expect(checkEnvironment(files, ENVIRONMENT_READERS)).toEqual([]);
  });
  it('ISO-10: every tenant table is born isolated', () => {
    expect(tenantMigrations.length).toBeGreaterThan(0);
    expect(checkTenantTables(tenantMigrations)).toEqual([]);
  });
  it('ENC-11: no tenant migration changes rows, which a sealed tenant does not let', () => {
    expect(checkRowChanges(tenantMigrations)).toEqual([]);
  });
  it('ISO-10, ISO-11: every definer function is pinned and closed to PUBLIC', () => {
    expect(checkDefinerFunctions(migrations)).toEqual([]);
  });
  it('ISO-09: every notification is on a channel that the isolation test hears', () =>
    expect(checkNotify(files)).toEqual([]));
  it('ISO-04: every route has a guard', () => {
    expect(checkRoutes(listRoutes(root))).toEqual([]);
  });
});
