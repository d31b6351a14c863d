import { carryTestReport } from './carry-test-report.ts';
import { closeWayOut } from './close-way-out.ts';
import { createAccounts } from './create-accounts.ts';
import { createCertificate, renewCertificate } from './create-certificate.ts';
import { createDatabaseAccounts } from './create-database-accounts.ts';
import { configureDatabase, createDatabaseCluster } from './create-database-cluster.ts';
import { createDirectories } from './create-directories.ts';
import { createModels } from './create-models.ts';
import { bringKeyServiceUpToDate } from './ensure-key-service.ts';
import { fetchComponents } from './fetch-components.ts';
import { configureKeyService, initialiseKeyService } from './initialise-key-service.ts';
import { giveDatabasePasswords } from './give-database-passwords.ts';
import { installCommand } from './install-command.ts';
import { installModelBridge } from './install-model-bridge.ts';
import { installServer } from './install-server.ts';
import { migrateDatabase } from './migrate-database.ts';
import { holdCertificateAuthority } from './hold-authority.ts';
import { noteSecretAges } from './note-secret-ages.ts';
import { putServerIntoUse } from './put-server-into-use.ts';
import { startParts, startServices } from './start-components.ts';
import type { Step } from './step.ts';
import { writeSealKey } from './write-seal-key.ts';
import { writeSettings } from './write-settings.ts';

/** The whole installation, in order. */
export function installSteps(): Step[] {
  return [
    createAccounts,
    createDirectories,
    writeSettings,
    closeWayOut,
    ...fetchComponents,
    installCommand,
    installModelBridge,
    writeSealKey,
    createCertificate,
    createDatabaseCluster,
    configureDatabase,
    configureKeyService,
    initialiseKeyService,
    startParts,
    bringKeyServiceUpToDate,
    noteSecretAges,
    holdCertificateAuthority,
    renewCertificate,
    createDatabaseAccounts,
    ...createModels,
    installServer,
    giveDatabasePasswords,
    migrateDatabase,
    putServerIntoUse,
    carryTestReport,
    startServices,
  ];
}
