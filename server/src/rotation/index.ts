/**
 * Room `rotation` (floor 2): how old each secret is, and when it is renewed.
 * Owns the inventory of secrets, which other rooms fill, the requests to rotate one, and the
 * scheduler that runs what is due in the provisioner.
 * Promises: every date comes from the secret's own store, no secret is ever read here, one rotation
 * of a secret runs at a time, and an interrupted one is taken up again.
 */
export { rotationChecks } from './checks.ts';
export { listSecrets, type SecretEntry } from './list-secrets.ts';
export { findRotation, type Rotation } from './repo.ts';
export { requestRotation } from './request-rotation.ts';
export { presentSecret, presentRotation, rotationRoutes } from './routes.ts';
export type { RotationOrder, Secret, SecretKind, SecretReading } from './secret.ts';
export { dashboardCertificate } from './secrets/certificate.ts';
export { databasePasswords } from './secrets/database-passwords.ts';
export { installerCredentials, sealKey, storageKey } from './secrets/noted-secret.ts';
export { dataKeys, wrappingKeys } from './secrets/owners-keys.ts';
export { signingKeys, withdrawOldVersions } from './secrets/signing-keys.ts';
export { startRotation } from './start-rotation.ts';
